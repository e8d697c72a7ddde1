"""What we ask, and in what order. Pure: questions and the codes of their answers, no words and no input."""
