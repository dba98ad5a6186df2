; Commands that are the shell's own name no function.
((command name: (command_name (word) @name))
  (#not-any-of? @name
    "." "[" "alias" "cd" "echo" "eval" "exec" "exit" "false" "printf" "pwd" "read" "return" "set" "shift" "shopt"
    "source" "test" "trap" "true" "unset" "wait")) @reference.call

; Functions that a trap runs.
((command name: (command_name) @command . argument: (word) @name) (#eq? @command "trap")) @reference.use

((command name: (command_name) @command . argument: [(word) (string) (raw_string) (concatenation)] @module)
  (#any-of? @command "source" ".")) @import
