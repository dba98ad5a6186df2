/// What the text of one file says by itself: nothing here depends on another file, so a change of one file changes the
/// facts of that file only. How facts of several files meet is for `Resolution/`.
package struct FileFacts: Hashable, Sendable {
    package var names = NameTable()
    /// In the order of the text, containers before what they contain.
    package var symbols: [SymbolFact] = []
    /// In the order of the text.
    package var references: [ReferenceFact] = []
    package var imports: [ImportFact] = []
    package var bindings: [BindingFact] = []
    package var annotations: [AnnotationFact] = []
    package var lineCount = 0
    /// False when the text could not be parsed: only its words are known.
    package var isParsed = true

    package init() {}
}

/// What a symbol is. Raw values are stored: only ever add to them.
package enum SymbolKind: UInt8, Hashable, Sendable, CaseIterable {
    case function = 1, method, constructor, `class`, `struct`, interface, `enum`, enumMember, typeAlias, module
    case constant, variable, field, property, macro
    /// What answers requests to an address: `GET /users/{id}`.
    case route
    /// A test, or a group of them, that has a title or a macro instead of a function.
    case test

    package var name: String {
        switch self {
        case .enumMember: "enum member"
        case .typeAlias: "type alias"
        default: "\(self)"
        }
    }

    /// Whether members are looked up in it.
    package var isType: Bool {
        switch self {
        case .class, .struct, .interface, .enum, .typeAlias: true
        default: false
        }
    }

    package var isCallable: Bool {
        switch self {
        case .function, .method, .constructor, .macro: true
        default: false
        }
    }

    /// Whether code can mean it by its name.
    package var isNameable: Bool { self != .route && self != .test }

    /// Whether what is within it is seen there only.
    package var hasLocals: Bool { isCallable || !isNameable }
}

/// A definition or declaration.
package struct SymbolFact: Hashable, Sendable {
    package var name: NameTable.ID
    package var kind: SymbolKind
    /// Index of the symbol that contains it; -1 for none.
    package var parent: Int32 = -1
    /// Of the definition as a whole, in bytes.
    package var start: UInt32
    package var end: UInt32
    /// Where the body begins: what stands before is the signature. Equal to `end` when there is no body.
    package var bodyStart: UInt32
    /// Of the comment or string that documents it; empty when there is none.
    package var docStart: UInt32 = 0
    package var docEnd: UInt32 = 0
    /// Counted from 1.
    package var line: UInt32
    package var endLine: UInt32
    /// The declared type of a value, or the type that a callable returns.
    package var type: NameTable.ID = 0
    /// The type that the text says it belongs to where that does not contain it: Go's receivers, C++'s qualified names.
    package var owner: NameTable.ID = 0
    /// Without a body: a prototype, a forward declaration.
    package var isDeclaration = false
    /// Seen by its own file only: what C calls static.
    package var isPrivate = false
}

package enum ReferenceRole: UInt8, Hashable, Sendable, CaseIterable {
    case call = 1, construct, inherit, implement, type, use
    /// A function that is put into a field of a struct of functions.
    case slot
    /// Something that a framework hands over: a constructor's parameter, a field, what FastAPI's `Depends` calls.
    case inject
    /// What a framework is told to hand over, or what it is handed over for.
    case bind
    /// The function that answers a route.
    case route

    /// Whether what stands before the name is the object that has it. It may be a field that takes it, or a type for
    /// which it stands in.
    var receiverHasName: Bool { self != .slot && self != .bind }
}

/// A place where a name is used.
package struct ReferenceFact: Hashable, Sendable {
    package var name: NameTable.ID
    package var role: ReferenceRole
    /// What stands before the name: `self` in `self.run()`, `os.path` in `os.path.join()`; 0 for nothing. Of a slot the
    /// field, `read` or `file->ops->read`; of what is bound the type that it stands in for.
    package var receiver: NameTable.ID = 0
    /// Index of the innermost symbol around it; -1 for the file itself.
    package var container: Int32 = -1
    /// Counted from 1.
    package var line: UInt32
    /// Of the name, in bytes.
    package var start: UInt32
}

package struct ImportFact: Hashable, Sendable {
    /// As it is written: `os.path`, `./util`, `<linux/fs.h>`.
    package var module: NameTable.ID
    /// What is taken from it; 0 for the module itself.
    package var name: NameTable.ID = 0
    /// The name that it has here; 0 when it keeps its own.
    package var alias: NameTable.ID = 0
    /// All names of the module become visible, by themselves or, where there is an alias, behind it.
    package var isWildcard = false
    package var line: UInt32
    package var container: Int32 = -1
}

/// How a variable comes by its type. Raw values are stored: only ever add to them.
package enum BindingForm: UInt8, Hashable, Sendable, CaseIterable {
    /// It is declared with it.
    case declared = 0
    /// It is the result of calling an expression, or its value: the text does not tell.
    case made
    /// It has the value of an expression.
    case assigned
    /// It is one of the elements of an expression's value.
    case element
    /// It is the result of calling an expression.
    case called
    /// It is what a `with` gives that enters the result of calling an expression.
    case entered
    /// It is a parameter, the first, second or third, of a function that is handed to the expression's value.
    case handedFirst, handedSecond, handedThird

    /// Which parameter of a function that is handed over it is, counted from 0.
    package var handedIndex: Int? {
        switch self {
        case .handedFirst: 0
        case .handedSecond: 1
        case .handedThird: 2
        default: nil
        }
    }
}

/// A variable and what is known of its type. What a function returns is a variable named `return` within it.
package struct BindingFact: Hashable, Sendable {
    package var name: NameTable.ID
    /// A type's name or an expression, as `form` says; 0 where nothing is known but that there is such a variable.
    package var type: NameTable.ID
    package var form: BindingForm
    package var container: Int32 = -1
    package var line: UInt32
    /// Of the name, in bytes.
    package var start: UInt32
    /// Where the block ends in which it is seen, in bytes; 0 when that is all of the container.
    package var end: UInt32 = 0
}

/// A decorator, annotation or attribute of a symbol.
package struct AnnotationFact: Hashable, Sendable {
    package var name: NameTable.ID
    /// Its arguments as they are written; 0 for none.
    package var arguments: NameTable.ID = 0
    /// Index of the symbol that it stands at.
    package var symbol: Int32
    package var line: UInt32
}
