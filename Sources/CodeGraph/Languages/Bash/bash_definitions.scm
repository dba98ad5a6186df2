(function_definition name: (word) @name body: (_) @body) @definition.function

; Variables of the script. Those of functions are no definitions.
(program
  (declaration_command ["readonly"] (variable_assignment name: (variable_name) @name) @definition.constant))
(program
  (declaration_command
    (word) @option
    (variable_assignment name: (variable_name) @name) @definition.constant)
  (#any-of? @option "-r" "-rx" "-xr" "-ra" "-rA" "-ri"))
(program (declaration_command (variable_assignment name: (variable_name) @name) @definition.variable))
(program (declaration_command (variable_name) @name) @definition.variable)
(program (variable_assignment name: (variable_name) @name) @definition.variable)

(comment) @comment
