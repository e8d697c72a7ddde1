"""The languages that the hotline serves, by the codes of their lexicons."""

SERVED = (
    "en", "es", "ar", "fr", "pt", "ro", "sq", "vi", "zh", "tl", "id", "ms", "th", "my", "km", "lo",
    "hi", "bn", "ur", "pa", "ne", "si", "ta", "te", "ml", "fa", "ps", "ckb", "ku", "tr", "ru",
    "uk", "uz", "pl", "hu", "bg", "sr", "am", "ti", "om", "so", "sw", "ha", "yo", "ig", "pcm",
    "wo", "ht", "mg",
)  # fmt: skip
