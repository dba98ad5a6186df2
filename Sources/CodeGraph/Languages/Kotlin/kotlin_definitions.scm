(package_header (qualified_identifier) @name) @definition.module

(class_declaration
  "interface"
  name: (identifier) @name
  (class_body) @body) @definition.interface
(class_declaration "interface" name: (identifier) @name) @definition.interface
(class_declaration name: (identifier) @name (enum_class_body) @body) @definition.enum
(class_declaration "class" name: (identifier) @name (class_body) @body) @definition.class
(class_declaration "class" name: (identifier) @name) @definition.class
(object_declaration name: (identifier) @name (class_body)? @body) @definition.class
; A companion is found by its type's name.
(enum_entry . (modifiers)? . (identifier) @name (class_body)? @body) @definition.enum_member
(type_alias type: (identifier) @name) @definition.type_alias

(secondary_constructor "constructor" @name (block)? @body) @definition.constructor
; A function that extends a type belongs to it.
(function_declaration
  [
    (user_type . (identifier) @owner)
    (nullable_type (user_type . (identifier) @owner))
  ]
  .
  "."
  .
  name: (identifier) @name
  (function_value_parameters)
  .
  [(user_type) (nullable_type) (function_type)]? @type
  (function_body)? @body) @definition.method
; The grammar may take the name for a part of the type.
(function_declaration
  (user_type . (identifier) @owner . "." . (identifier) @name .)
  .
  name: (MISSING identifier)
  (function_value_parameters)
  .
  [(user_type) (nullable_type) (function_type)]? @type
  (function_body)? @body) @definition.method
(class_body
  (function_declaration
    name: (identifier) @name
    (function_value_parameters)
    .
    [(user_type) (nullable_type) (function_type)]? @type
    (function_body)? @body) @definition.method)
(function_declaration
  name: (identifier) @name
  (function_value_parameters)
  .
  [(user_type) (nullable_type) (function_type)]? @type
  (function_body)? @body) @definition.function

; Functions without names that a variable holds.
(property_declaration
  (variable_declaration . (identifier) @name)
  [(lambda_literal) (anonymous_function)] @body) @definition.function

(source_file
  (property_declaration
    "val"
    (variable_declaration . (identifier) @name . [(user_type) (nullable_type) (function_type)]? @type)) @definition.constant)
(source_file
  (property_declaration
    "var"
    (variable_declaration . (identifier) @name . [(user_type) (nullable_type) (function_type)]? @type)) @definition.variable)
(class_body
  (property_declaration
    (variable_declaration . (identifier) @name . [(user_type) (nullable_type) (function_type)]? @type)) @definition.property)
(enum_class_body
  (property_declaration
    (variable_declaration . (identifier) @name . [(user_type) (nullable_type) (function_type)]? @type)) @definition.property)
(class_parameter
  ["val" "var"]
  .
  (identifier) @name
  .
  [(user_type) (nullable_type) (function_type)] @type) @definition.property

[(line_comment) (block_comment)] @comment

(annotation [
  (user_type) @name
  (constructor_invocation (user_type) @name (value_arguments) @arguments)
]) @annotation
