#include "ceditline.h"

#include <errno.h>
#include <fcntl.h>
#include <histedit.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>
#include <wchar.h>

struct ceditline {
    EditLine *el;
    History *history;
    char *history_path;
    const char *prompt;
    enum ceditline_result interrupt;  // CEDITLINE_LINE: none
    mbstate_t decoding;
    int has_ended;  // libedit does not tell the end of the input from a failure.
};

// Signals that concern the terminal while a line is read. libedit's own handlers work on the line at once, whatever
// thread they run on, and a program with several threads dies of that. These only tell; the reader acts between keys.
static const int watched[] = {SIGWINCH, SIGCONT, SIGTSTP, SIGINT, SIGQUIT, SIGTERM, SIGHUP};
enum { watched_count = sizeof watched / sizeof *watched };
static struct sigaction previous[watched_count];
static int signal_pipe[2] = {-1, -1};

static void tell(int signal) {
    int reason = errno;
    unsigned char byte = (unsigned char)signal;
    if (write(signal_pipe[1], &byte, 1) < 0) { /* The pipe is full: it has been told often enough. */ }
    errno = reason;
}

static void watch(int index) {
    struct sigaction action = {.sa_handler = tell, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(watched[index], &action, &previous[index]);
    // What is ignored, by nohup for one, stays so.
    if (previous[index].sa_handler == SIG_IGN) sigaction(watched[index], &previous[index], NULL);
}

static void watch_signals(void) {
    for (int i = 0; i < watched_count; i++) watch(i);
}

static void leave_signals(void) {
    for (int i = 0; i < watched_count; i++) sigaction(watched[i], &previous[i], NULL);
}

// What the signal would have done: this process goes on only if it is not ended, or after it was stopped.
static void obey(int signal) {
    for (int i = 0; i < watched_count; i++)
        if (watched[i] == signal) sigaction(signal, &previous[i], NULL);
    kill(signal == SIGTSTP ? 0 : getpid(), signal);
}

static ceditline *owner(EditLine *el) {
    void *data = NULL;
    el_get(el, EL_CLIENTDATA, &data);
    return data;
}

static char *current_prompt(EditLine *el) { return (char *)owner(el)->prompt; }

static void erase_line(EditLine *el) {
    const LineInfoW *line = el_wline(el);
    int length = (int)(line->lastchar - line->buffer);
    el_cursor(el, (int)(line->lastchar - line->cursor));
    if (length > 0) el_deletestr(el, length);
}

static unsigned char on_interrupt(EditLine *el, int key) {
    (void)key;
    const LineInfoW *line = el_wline(el);
    owner(el)->interrupt = line->lastchar == line->buffer ? CEDITLINE_INTERRUPT_EMPTY : CEDITLINE_INTERRUPT;
    erase_line(el);
    return CC_NEWLINE;
}

// SIGCONT takes the terminal back.
static void suspend(EditLine *el) {
    el_set(el, EL_PREP_TERM, 0);
    obey(SIGTSTP);
}

// Returns whether to go on reading.
static int on_signal(EditLine *el, int signal) {
    switch (signal) {
    case SIGWINCH: el_resize(el); return 1;
    case SIGTSTP: suspend(el); return 1;
    case SIGCONT:
        leave_signals();
        watch_signals();  // Those that were obeyed too.
        el_set(el, EL_PREP_TERM, 1);
        el_set(el, EL_REFRESH);
        return 1;
    default:
        el_set(el, EL_PREP_TERM, 0);
        obey(signal);
        return 0;
    }
}

// The next character of the terminal; what is no UTF-8 comes as U+FFFD. Returns 1, 0 at the end, or -1.
static int read_character(EditLine *el, wchar_t *character) {
    mbstate_t *decoding = &owner(el)->decoding;
    for (;;) {
        fd_set ready;
        FD_ZERO(&ready);
        FD_SET(STDIN_FILENO, &ready);
        FD_SET(signal_pipe[0], &ready);
        unsigned char byte;
        if (select(signal_pipe[0] + 1, &ready, NULL, NULL, NULL) < 0) {
            if (errno == EINTR) continue;
            return -1;
        }
        if (FD_ISSET(signal_pipe[0], &ready)) {
            if (read(signal_pipe[0], &byte, 1) == 1 && !on_signal(el, byte)) {
                errno = EINTR;
                return -1;
            }
            continue;
        }
        ssize_t count = read(STDIN_FILENO, &byte, 1);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        // Of a terminal that is closed the one or the other comes.
        owner(el)->has_ended = count == 0 || (count < 0 && errno == EIO);
        if (count <= 0) return (int)count;
        size_t length = mbrtowc(character, (const char *)&byte, 1, decoding);
        if (length == (size_t)-2) continue;
        if (length == (size_t)-1) {
            memset(decoding, 0, sizeof *decoding);
            *character = 0xFFFD;
        }
        return 1;
    }
}

static unsigned char on_suspend(EditLine *el, int key) {
    (void)key;
    suspend(el);
    return CC_NORM;
}

static unsigned char on_newline(EditLine *el, int key) {
    (void)key;
    return el_winsertstr(el, L"\n") == 0 ? CC_REFRESH : CC_ERROR;
}

// The terminal sends ESC [200~ before pasted text and ESC [201~ after it: what is between goes into the line as it is.
static unsigned char on_paste(EditLine *el, int key) {
    (void)key;
    static const wchar_t end[] = L"\033[201~";
    enum { end_length = 6 };
    size_t count = 0, capacity = 4096;
    wchar_t *text = malloc(capacity * sizeof *text);
    if (text == NULL) return CC_ERROR;
    for (;;) {
        wchar_t c;
        if (el_wgetc(el, &c) != 1 || c == 3) break;  // Ctrl-C gets out of a paste that never ends.
        if (c == L'\r') c = L'\n';                   // Terminals send the Return key's code for a line feed.
        if (c == 0) continue;
        if (count + 1 == capacity) {
            wchar_t *larger = realloc(text, 2 * capacity * sizeof *text);
            if (larger == NULL) break;
            text = larger;
            capacity *= 2;
        }
        text[count++] = c;
        if (count >= end_length && memcmp(text + count - end_length, end, end_length * sizeof *end) == 0) {
            count -= end_length;
            break;
        }
    }
    if (count > 0 && text[count - 1] == L'\n') count -= 1;  // Copied lines end with one; the Return key is still to come.
    text[count] = 0;
    int failed = count > 0 && el_winsertstr(el, text) != 0;
    free(text);
    return failed ? CC_ERROR : CC_REFRESH;
}

static int bind_keys(EditLine *el) {
    static const char *const bindings[][2] = {
        {"^C", "martlet-interrupt"},         {"^Z", "martlet-suspend"},            {"\033\r", "martlet-newline"},        {"\033\n", "martlet-newline"},
        {"\033[200~", "martlet-paste"},      {"^R", "em-inc-search-prev"},         {"\033[3~", "ed-delete-next-char"},
        {"\033[1;5D", "ed-prev-word"},       {"\033[1;5C", "em-next-word"},        {"\033[1~", "ed-move-to-beg"},
        {"\033[4~", "ed-move-to-end"},
    };
    int failures = 0;
    failures += el_set(el, EL_ADDFN, "martlet-interrupt", "Give up this line", on_interrupt) != 0;
    failures += el_set(el, EL_ADDFN, "martlet-suspend", "Stop this job", on_suspend) != 0;
    failures += el_set(el, EL_ADDFN, "martlet-newline", "Insert a line feed", on_newline) != 0;
    failures += el_set(el, EL_ADDFN, "martlet-paste", "Insert what is pasted", on_paste) != 0;
    for (size_t i = 0; i < sizeof bindings / sizeof *bindings; i++)
        failures += el_set(el, EL_BIND, bindings[i][0], bindings[i][1], NULL) != 0;
    // While a line is edited Ctrl-C and Ctrl-Z are keys; between lines they send signals again.
    failures += el_set(el, EL_SETTY, "-d", "-isig", NULL) != 0;
    return failures;
}

static int open_signal_pipe(void) {
    if (pipe(signal_pipe) != 0) return 0;
    for (int end = 0; end < 2; end++) {
        fcntl(signal_pipe[end], F_SETFD, FD_CLOEXEC);
        fcntl(signal_pipe[end], F_SETFL, O_NONBLOCK);
    }
    return 1;
}

ceditline *ceditline_open(const char *program, const char *history_path, int entries) {
    // libedit decodes its input by the locale; one without UTF-8 would break every letter beyond ASCII.
    setlocale(LC_CTYPE, "");
    if (MB_CUR_MAX < 4) setlocale(LC_CTYPE, "C.UTF-8");
    ceditline *editor = calloc(1, sizeof *editor);
    if (editor == NULL) return NULL;
    if (signal_pipe[0] < 0 && !open_signal_pipe()) {
        free(editor);
        return NULL;
    }
    editor->prompt = "";
    editor->el = el_init(program, stdin, stdout, stderr);
    editor->history = history_init();
    if (history_path != NULL) editor->history_path = strdup(history_path);
    if (editor->el == NULL || editor->history == NULL || (history_path != NULL && editor->history_path == NULL)) {
        ceditline_close(editor);
        return NULL;
    }
    el_set(editor->el, EL_CLIENTDATA, editor);
    el_set(editor->el, EL_PROMPT_ESC, current_prompt, '\1');
    el_set(editor->el, EL_EDITOR, "emacs");
    el_set(editor->el, EL_SIGNAL, 0);
    el_set(editor->el, EL_GETCFN, read_character);
    HistEvent event;
    history(editor->history, &event, H_SETSIZE, entries);
    history(editor->history, &event, H_SETUNIQUE, 1);
    el_set(editor->el, EL_HIST, history, editor->history);
    if (bind_keys(editor->el) != 0) {
        ceditline_close(editor);
        return NULL;
    }
    el_source(editor->el, NULL);  // The user's own ~/.editrc, if there is one.
    if (editor->history_path != NULL) history(editor->history, &event, H_LOAD, editor->history_path);
    return editor;
}

void ceditline_close(ceditline *editor) {
    if (editor == NULL) return;
    if (editor->el != NULL) el_end(editor->el);
    if (editor->history != NULL) history_end(editor->history);
    free(editor->history_path);
    free(editor);
}

static void set_bracketed_paste(int on) {
    fputs(on ? "\033[?2004h" : "\033[?2004l", stdout);
    fflush(stdout);
}

enum ceditline_result ceditline_read(ceditline *editor, const char *prompt, const char **text, size_t *length) {
    editor->prompt = prompt;
    editor->interrupt = CEDITLINE_LINE;
    int count = 0;
    errno = 0;
    watch_signals();
    set_bracketed_paste(1);
    const char *line = el_gets(editor->el, &count);
    int reason = errno;
    set_bracketed_paste(0);
    leave_signals();
    editor->prompt = "";
    if (editor->interrupt != CEDITLINE_LINE) return editor->interrupt;
    if (editor->has_ended) return CEDITLINE_END;
    if (line == NULL || count <= 0) {
        errno = reason;
        return count < 0 ? (reason == EINTR ? CEDITLINE_INTERRUPT : CEDITLINE_FAILED) : CEDITLINE_END;
    }
    *text = line;
    *length = strlen(line);
    if (*length > 0 && line[*length - 1] == '\n') *length -= 1;
    return CEDITLINE_LINE;
}

int ceditline_remember(ceditline *editor, const char *text) {
    HistEvent event;
    if (history(editor->history, &event, H_ENTER, text) < 0) return -1;
    if (editor->history_path == NULL) return 0;
    // Written beside and renamed: another session or a crash never leaves half a file.
    size_t size = strlen(editor->history_path) + 32;
    char *beside = malloc(size);
    if (beside == NULL) return -1;
    snprintf(beside, size, "%s.%ld", editor->history_path, (long)getpid());
    int failed = history(editor->history, &event, H_SAVE, beside) < 0 || rename(beside, editor->history_path) != 0;
    int reason = errno;
    if (failed) unlink(beside);
    free(beside);
    errno = reason;
    return failed ? -1 : 0;
}
