(call_expression function: (identifier) @name) @reference.call
(call_expression function: (field_expression argument: (_) @receiver field: (field_identifier) @name)) @reference.call
; Through pointers: (*ops->read)(file), table[2](file).
(call_expression
  function: (parenthesized_expression
    (pointer_expression
      argument: [
        (identifier) @name
        (field_expression argument: (_) @receiver field: (field_identifier) @name)
      ]))) @reference.call
(call_expression
  function: (subscript_expression
    argument: [
      (identifier) @name
      (field_expression argument: (_) @receiver field: (field_identifier) @name)
    ])) @reference.call

(type_identifier) @name @reference.type

; Structs of functions: `.read = my_read`, `ops->read = my_read`.
(initializer_pair designator: (field_designator (field_identifier) @receiver) value: (identifier) @name) @reference.slot
(initializer_pair
  designator: (field_designator (field_identifier) @receiver)
  value: (pointer_expression argument: (identifier) @name)) @reference.slot
(assignment_expression left: (field_expression) @receiver right: (identifier) @name) @reference.slot
(assignment_expression
  left: (field_expression) @receiver
  right: (pointer_expression operator: "&" argument: (identifier) @name)) @reference.slot

; Functions that are handed on.
(argument_list (identifier) @name) @reference.use
(argument_list (pointer_expression argument: (identifier) @name)) @reference.use
(initializer_list (identifier) @name) @reference.use
(assignment_expression right: (identifier) @name) @reference.use
(init_declarator declarator: (function_declarator) value: (identifier) @name) @reference.use
(initializer_pair designator: (subscript_designator) value: (identifier) @name) @reference.use

(preproc_include path: [(string_literal) (system_lib_string)] @module) @import

(declaration
  type: (_) @type
  declarator: [
    (pointer_declarator declarator: (identifier) @name)
    (init_declarator
      declarator: [(identifier) @name (pointer_declarator declarator: (identifier) @name)])
  ]) @binding
(declaration type: [(struct_specifier) (union_specifier) (type_identifier)] @type declarator: (identifier) @name) @binding
(parameter_declaration type: (_) @type declarator: (pointer_declarator declarator: (identifier) @name)) @binding
(parameter_declaration
  type: [(struct_specifier) (union_specifier) (type_identifier)] @type
  declarator: (identifier) @name) @binding
