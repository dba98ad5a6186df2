// Line editing in a terminal by libedit: the calls that Swift cannot make (variadic functions, callbacks that the
// library tells apart by address) behind four plain functions.
#ifndef CEDITLINE_H
#define CEDITLINE_H

#include <stddef.h>

typedef struct ceditline ceditline;

enum ceditline_result {
    CEDITLINE_LINE = 0,
    CEDITLINE_END = 1,               // end of input: Ctrl-D on an empty line
    CEDITLINE_INTERRUPT = 2,         // Ctrl-C; what was typed is gone
    CEDITLINE_INTERRUPT_EMPTY = 3,   // Ctrl-C on an empty line
    CEDITLINE_FAILED = -1,           // errno says why
};

// Opens the terminal of standard input for editing. `history` is a file or NULL; at most `entries` lines are kept.
// Returns NULL when memory or the terminal fails.
ceditline *ceditline_open(const char *program, const char *history, int entries);
void ceditline_close(ceditline *editor);

// Reads one entry; lines that were pasted together stay together. `text` is UTF-8 without the last line feed, valid
// until the next call. The prompt may hold escape sequences between bytes 1.
enum ceditline_result ceditline_read(ceditline *editor, const char *prompt, const char **text, size_t *length);

// Adds an entry to the history and saves it. Returns 0, or -1 with errno.
int ceditline_remember(ceditline *editor, const char *text);

#endif
