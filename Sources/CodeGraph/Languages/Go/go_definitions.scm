(package_clause (package_identifier) @name) @definition.module

(function_declaration name: (identifier) @name result: (_)? @type body: (_)? @body) @definition.function
(method_declaration
  receiver: (parameter_list
    (parameter_declaration
      type: [
        (type_identifier) @owner
        (pointer_type (type_identifier) @owner)
        (generic_type type: (type_identifier) @owner)
        (pointer_type (generic_type type: (type_identifier) @owner))
      ]))
  name: (field_identifier) @name
  result: (_)? @type
  body: (_)? @body) @definition.method

; Functions that a variable holds.
(short_var_declaration
  left: (expression_list . (identifier) @name .)
  right: (expression_list . (func_literal result: (_)? @type body: (_) @body) .)) @definition.function
(var_spec
  name: (identifier) @name
  value: (expression_list . (func_literal result: (_)? @type body: (_) @body) .)) @definition.function

; Types: first those that are declared alone, whose signature begins with the word `type`.
(type_declaration
  "type" . (type_spec name: (type_identifier) @name type: (struct_type (_) @body))) @definition.struct
(type_declaration
  "type" . (type_spec name: (type_identifier) @name type: (interface_type "{" @body))) @definition.interface
(type_spec name: (type_identifier) @name type: (struct_type (_) @body)) @definition.struct
(type_spec name: (type_identifier) @name type: (interface_type "{" @body)) @definition.interface
(type_spec name: (type_identifier) @name type: (_) @type) @definition.type_alias
(type_alias name: (type_identifier) @name type: (_) @type) @definition.type_alias

; Members. An embedded type is inherited.
(field_declaration name: (field_identifier) @name type: (_) @type) @definition.field
(method_elem name: (field_identifier) @name result: (_)? @type) @definition.method

; Names of the package.
(source_file (const_declaration (const_spec (identifier) @name type: (_) @type) @definition.constant))
(source_file (const_declaration (const_spec (identifier) @name) @definition.constant))
(source_file (var_declaration (var_spec name: (identifier) @name type: (_) @type) @definition.variable))
(source_file (var_declaration (var_spec name: (identifier) @name) @definition.variable))
(source_file
  (var_declaration (var_spec_list (var_spec name: (identifier) @name type: (_) @type) @definition.variable)))
(source_file (var_declaration (var_spec_list (var_spec name: (identifier) @name) @definition.variable)))

(comment) @comment

; Tests within tests have titles.
(call_expression
  function: (selector_expression operand: (identifier) @operand field: (field_identifier) @function)
  arguments: (argument_list
    .
    (interpreted_string_literal (interpreted_string_literal_content) @name)
    .
    (func_literal body: (_) @body))
  (#any-of? @operand "t" "b")
  (#eq? @function "Run")) @definition.test
