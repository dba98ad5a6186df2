; Elements define nothing. JavaScript and TSX share what they refer to.
