(call_expression function: (identifier) @name) @reference.call
(call_expression
  function: (member_expression
    object: (_) @receiver
    property: [(property_identifier) (private_property_identifier)] @name)) @reference.call
(call_expression function: (super) @name) @reference.call

(new_expression constructor: (identifier) @name) @reference.construct
(new_expression
  constructor: (member_expression object: (_) @receiver property: (property_identifier) @name)) @reference.construct

(decorator (identifier) @name) @reference.call
(decorator (member_expression object: (_) @receiver property: (property_identifier) @name)) @reference.call

; What a framework hands over, and what it is told to.
(call_expression
  function: (identifier) @function
  arguments: (arguments . (identifier) @name)
  (#any-of? @function "inject" "Inject")) @reference.inject
(pair key: (property_identifier) @key value: (identifier) @name (#eq? @key "provide")) @reference.bind
(object
  (pair key: (property_identifier) @key value: (identifier) @receiver)
  (pair key: (property_identifier) @way value: (identifier) @name)
  (#eq? @key "provide")
  (#any-of? @way "useClass" "useExisting" "useFactory" "useValue")) @reference.bind

; Functions and classes that are handed on.
(arguments (identifier) @name) @reference.use
(arguments (member_expression object: (_) @receiver property: (property_identifier) @name)) @reference.use
(pair value: (identifier) @name) @reference.use
(object (shorthand_property_identifier) @name) @reference.use
(array (identifier) @name) @reference.use
(variable_declarator value: (identifier) @name) @reference.use
(assignment_expression right: (identifier) @name) @reference.use
(arrow_function body: (identifier) @name) @reference.use
(return_statement (identifier) @name) @reference.use
(export_statement value: (identifier) @name) @reference.use
(export_statement !source (export_clause (export_specifier name: (identifier) @name))) @reference.use

(import_statement (import_clause (identifier) @alias) source: (string (string_fragment) @module)) @import
(import_statement
  (import_clause (namespace_import "*" @wildcard (identifier) @alias))
  source: (string (string_fragment) @module)) @import
(import_statement
  (import_clause (named_imports (import_specifier name: (identifier) @name !alias)))
  source: (string (string_fragment) @module)) @import
(import_statement
  (import_clause (named_imports (import_specifier name: (identifier) @name alias: (identifier) @alias)))
  source: (string (string_fragment) @module)) @import
(import_statement . "import" . source: (string (string_fragment) @module)) @import

; What another module offers is handed on.
(export_statement
  (export_clause (export_specifier name: (identifier) @name !alias))
  source: (string (string_fragment) @module)) @import
(export_statement
  (export_clause (export_specifier name: (identifier) @name alias: (identifier) @alias))
  source: (string (string_fragment) @module)) @import
(export_statement "*" @wildcard . source: (string (string_fragment) @module)) @import
(export_statement
  (namespace_export "*" @wildcard (identifier) @alias)
  source: (string (string_fragment) @module)) @import

; CommonJS, and modules that are loaded when they are needed.
(variable_declarator
  name: (identifier) @alias
  value: (call_expression
    function: (identifier) @function
    arguments: (arguments . (string (string_fragment) @module)))
  (#eq? @function "require")) @import
(variable_declarator
  name: (identifier) @alias
  value: (member_expression
    object: (call_expression
      function: (identifier) @function
      arguments: (arguments . (string (string_fragment) @module)))
    property: (property_identifier) @name)
  (#eq? @function "require")) @import
(variable_declarator
  name: (object_pattern (shorthand_property_identifier_pattern) @name)
  value: (call_expression
    function: (identifier) @function
    arguments: (arguments . (string (string_fragment) @module)))
  (#eq? @function "require")) @import
(variable_declarator
  name: (object_pattern (pair_pattern key: (property_identifier) @name value: (identifier) @alias))
  value: (call_expression
    function: (identifier) @function
    arguments: (arguments . (string (string_fragment) @module)))
  (#eq? @function "require")) @import
(expression_statement
  (call_expression function: (identifier) @function arguments: (arguments . (string (string_fragment) @module)))
  (#eq? @function "require")) @import
(call_expression function: (import) arguments: (arguments . (string (string_fragment) @module))) @import

; What is known of the types of variables.
(variable_declarator
  name: (identifier) @name
  value: [
    (new_expression constructor: (_) @type)
    (await_expression (new_expression constructor: (_) @type))
    (await_expression (call_expression function: [(identifier) (member_expression)] @called))
    (identifier) @assigned
    (member_expression) @assigned
    (subscript_expression object: (_) @element)
  ]) @binding
(variable_declarator
  name: (identifier) @name
  value: (call_expression function: [(identifier) (member_expression)] @called)
  (#not-eq? @called "require")) @binding
(assignment_expression
  left: [(identifier) (member_expression)] @name
  right: [
    (new_expression constructor: (_) @type)
    (call_expression function: [(identifier) (member_expression)] @called)
    (await_expression (call_expression function: [(identifier) (member_expression)] @called))
    (identifier) @assigned
    (member_expression) @assigned
  ]) @binding
(for_in_statement left: (identifier) @name right: (_) @element) @binding

; Parameters of functions that are handed to others.
(call_expression
  function: [(identifier) (member_expression)] @handed.first
  arguments: (arguments (arrow_function parameter: (identifier) @name))) @binding

; Variables of which nothing else is known hide what has their name outside.
(arrow_function parameter: (identifier) @name) @binding
(array_pattern (identifier) @name) @binding
(catch_clause parameter: (identifier) @name) @binding
[(statement_block) (arrow_function) (function_expression) (for_statement) (for_in_statement) (catch_clause)] @scope

; What functions return.
(return_statement
  "return" @name
  [
    (new_expression constructor: (_) @type)
    (call_expression function: [(identifier) (member_expression)] @called)
    (await_expression (call_expression function: [(identifier) (member_expression)] @called))
    (identifier) @assigned
    (member_expression) @assigned
    (this) @assigned
  ]) @binding
(variable_declarator
  value: (arrow_function
    "=>" @name
    body: [
      (new_expression constructor: (_) @type)
      (call_expression function: [(identifier) (member_expression)] @called)
      (identifier) @assigned
      (member_expression) @assigned
    ])) @binding

; What is exported under another name.
(export_statement
  !source
  (export_clause (export_specifier name: (identifier) @assigned alias: (identifier) @name))) @binding
(export_statement "default" @name value: (identifier) @assigned) @binding
(export_statement "default" @name value: (call_expression function: [(identifier) (member_expression)] @called)) @binding
(export_statement "default" @name value: (new_expression constructor: (_) @type)) @binding
(export_statement
  "default" @name
  declaration: [
    (function_declaration name: (_) @assigned)
    (generator_function_declaration name: (_) @assigned)
    (class_declaration name: (_) @assigned)
  ]) @binding

; Routes: app.get('/users/:id', check, show), app.route('/users').get(list).
(call_expression
  function: (member_expression object: (_) @owner property: (property_identifier) @verb)
  arguments: (arguments
    .
    (string) @path
    [
      (identifier) @name
      (member_expression object: (_) @receiver property: (property_identifier) @name)
      (arrow_function) @body
      (function_expression) @body
    ]
    .)
  (#any-of? @verb "get" "post" "put" "delete" "patch" "head" "options" "all" "del")
  (#not-any-of? @owner "axios" "http" "https" "client" "api" "request" "agent" "fetch" "localStorage")) @route
(call_expression
  function: (member_expression
    object: (call_expression
      function: (member_expression object: (_) @owner property: (property_identifier) @function)
      arguments: (arguments . (string) @path))
    property: (property_identifier) @verb)
  arguments: (arguments
    [
      (identifier) @name
      (member_expression object: (_) @receiver property: (property_identifier) @name)
      (arrow_function) @body
      (function_expression) @body
    ]
    .)
  (#eq? @function "route")
  (#any-of? @verb "get" "post" "put" "delete" "patch" "head" "options" "all")) @route
