from hotline.lexicon.folding import bare, fold, is_bare


def test_a_letter_folds_alike_whatever_stands_beside_it() -> None:
    # Beside "ё" each letter is folded by itself, among plain letters all at once.
    letters = [chr(code) for code in range(0x80, 0x3100) if chr(code) != "ё"]
    assert [fold(letter) for letter in letters] == [fold(f"{letter} ё")[0] for letter in letters]


def test_what_is_bare_needs_no_baring() -> None:
    assert is_bare("niño ребенок كتاب")
    for marked in ("كِتاب", "nin\u0303o", "می\u200cروم"):
        assert not is_bare(marked)
        assert bare(marked) != marked
