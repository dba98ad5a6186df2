; Functions, by how deep their name stands in pointers; static ones are seen by their file only.
(function_definition
  (storage_class_specifier "static" @private)?
  type: (_) @type
  declarator: [
    (function_declarator declarator: (identifier) @name)
    (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
    (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name)))
    (parenthesized_declarator (function_declarator declarator: (identifier) @name))
  ]
  body: (_) @body) @definition.function

(declaration
  type: (_) @type
  declarator: [
    (function_declarator declarator: (identifier) @name)
    (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
    (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name)))
  ]) @definition.function

; Macros that define a test.
(translation_unit
  (expression_statement
    (call_expression
      function: (identifier) @macro
      arguments: (argument_list . (identifier) . (identifier) @name))) @definition.test
  .
  (compound_statement) @body
  (#any-of? @macro "TEST" "TEST_F" "TEST_P" "TYPED_TEST"))
; Macros that define a function, which the grammar reads as a call and a block: SYSCALL_DEFINE3(read, ...) { ... }.
(translation_unit
  (expression_statement
    (call_expression
      function: (identifier) @macro
      arguments: (argument_list . (identifier) @name))) @definition.function
  .
  (compound_statement) @body
  (#not-any-of? @macro "TEST" "TEST_F" "TEST_P" "TYPED_TEST"))
(preproc_ifdef
  (expression_statement
    (call_expression
      function: (identifier)
      arguments: (argument_list . (identifier) @name))) @definition.function
  .
  (compound_statement) @body)
; Macros that define a variable.
(translation_unit
  (expression_statement
    (call_expression
      function: (identifier) @macro
      arguments: (argument_list . (identifier) @name))) @definition.variable
  (#any-of? @macro
    "DEFINE_IDA" "DEFINE_IDR" "DEFINE_MUTEX" "DEFINE_RAW_SPINLOCK" "DEFINE_RWLOCK" "DEFINE_SPINLOCK"
    "DEFINE_STATIC_KEY_FALSE" "DEFINE_STATIC_KEY_TRUE" "DECLARE_RWSEM" "DECLARE_WAIT_QUEUE_HEAD" "HLIST_HEAD"
    "LIST_HEAD"))
(translation_unit
  (declaration
    type: (type_identifier) @type
    declarator: (parenthesized_declarator (identifier) @name)) @definition.variable)

(struct_specifier name: (type_identifier) @name body: (_) @body) @definition.struct
(union_specifier name: (type_identifier) @name body: (_) @body) @definition.struct
(enum_specifier name: (type_identifier) @name body: (_) @body) @definition.enum
(enumerator name: (identifier) @name) @definition.enum_member

; A type without a name of its own has that of its alias.
(type_definition
  type: [(struct_specifier !name body: (_) @body) (union_specifier !name body: (_) @body)]
  declarator: (type_identifier) @name) @definition.struct
(type_definition type: (enum_specifier !name body: (_) @body) declarator: (type_identifier) @name) @definition.enum
(type_definition
  type: (_) @type
  declarator: [
    (type_identifier) @name
    (pointer_declarator declarator: (type_identifier) @name)
    (array_declarator declarator: (type_identifier) @name)
    (function_declarator
      declarator: [
        (type_identifier) @name
        (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name))
      ])
    (pointer_declarator
      declarator: (function_declarator
        declarator: (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name))))
  ]) @definition.type_alias

(field_declaration
  type: (_) @type
  declarator: [
    (field_identifier) @name
    (pointer_declarator declarator: (field_identifier) @name)
    (pointer_declarator declarator: (pointer_declarator declarator: (field_identifier) @name))
    (array_declarator declarator: (field_identifier) @name)
    (pointer_declarator declarator: (array_declarator declarator: (field_identifier) @name))
    (function_declarator
      declarator: (parenthesized_declarator (pointer_declarator declarator: (field_identifier) @name)))
    (pointer_declarator
      declarator: (function_declarator
        declarator: (parenthesized_declarator (pointer_declarator declarator: (field_identifier) @name))))
  ]) @definition.field

(translation_unit
  (declaration
    type: (_) @type
    declarator: [
      (identifier) @name
      (pointer_declarator declarator: (identifier) @name)
      (pointer_declarator declarator: (pointer_declarator declarator: (identifier) @name))
      (array_declarator declarator: (identifier) @name)
      (pointer_declarator declarator: (array_declarator declarator: (identifier) @name))
      (function_declarator
        declarator: (parenthesized_declarator (pointer_declarator declarator: (identifier) @name)))
      (init_declarator
        declarator: [
          (identifier) @name
          (pointer_declarator declarator: (identifier) @name)
          (array_declarator declarator: (identifier) @name)
          (pointer_declarator declarator: (array_declarator declarator: (identifier) @name))
          (function_declarator
            declarator: (parenthesized_declarator
              (pointer_declarator
                declarator: [(identifier) @name (array_declarator declarator: (identifier) @name)])))
        ])
    ]) @definition.variable)
; Within guards, where locals may stand too: what says how it is stored.
(preproc_ifdef
  (declaration
    (storage_class_specifier)
    type: (_) @type
    declarator: [
      (identifier) @name
      (pointer_declarator declarator: (identifier) @name)
      (pointer_declarator declarator: (pointer_declarator declarator: (identifier) @name))
      (array_declarator declarator: (identifier) @name)
      (pointer_declarator declarator: (array_declarator declarator: (identifier) @name))
      (function_declarator
        declarator: (parenthesized_declarator (pointer_declarator declarator: (identifier) @name)))
      (init_declarator
        declarator: [
          (identifier) @name
          (pointer_declarator declarator: (identifier) @name)
          (array_declarator declarator: (identifier) @name)
          (pointer_declarator declarator: (array_declarator declarator: (identifier) @name))
          (function_declarator
            declarator: (parenthesized_declarator
              (pointer_declarator
                declarator: [(identifier) @name (array_declarator declarator: (identifier) @name)])))
        ])
    ]) @definition.variable)
(preproc_if
  (declaration
    (storage_class_specifier)
    type: (_) @type
    declarator: [
      (identifier) @name
      (pointer_declarator declarator: (identifier) @name)
      (pointer_declarator declarator: (pointer_declarator declarator: (identifier) @name))
      (array_declarator declarator: (identifier) @name)
      (pointer_declarator declarator: (array_declarator declarator: (identifier) @name))
      (function_declarator
        declarator: (parenthesized_declarator (pointer_declarator declarator: (identifier) @name)))
      (init_declarator
        declarator: [
          (identifier) @name
          (pointer_declarator declarator: (identifier) @name)
          (array_declarator declarator: (identifier) @name)
          (pointer_declarator declarator: (array_declarator declarator: (identifier) @name))
          (function_declarator
            declarator: (parenthesized_declarator
              (pointer_declarator
                declarator: [(identifier) @name (array_declarator declarator: (identifier) @name)])))
        ])
    ]) @definition.variable)

; What is meant where nothing else is defined.
((preproc_ifdef
  "#ifndef"
  name: (identifier) @fallback
  (preproc_function_def name: (identifier) @name value: (_)? @body) @definition.macro)
  (#eq? @fallback @name))
(preproc_function_def name: (identifier) @name value: (_)? @body) @definition.macro
(preproc_def name: (identifier) @name value: (_)? @body) @definition.constant

(comment) @comment
