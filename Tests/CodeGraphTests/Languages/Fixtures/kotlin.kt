package org.example.music

import org.example.sound.Tone
import org.example.sound.play as sing
import org.example.tools.*

/** How loud. */
const val MOST = 11
val scale: List<Tone> = listOf(Tone("a"))
var current = Player(null)
typealias Tones = Map<String, Tone>

/** Plays. */
@Service("player")
open class Player<T : Tone>(private val store: Store, name: String) : Person(name), Listener<T>, Named by store {
    var volume: Int = 5
        get() = clamp(field)
    private val lock = Lock()
    lateinit var stage: Stage

    init { prepare() }

    constructor(store: Store) : this(store, "x") { log(store) }

    @Test
    override suspend fun play(tone: T, times: Int = 1): Boolean {
        val sound = Sound(tone)
        val found: Tone? = store.find(tone.name)
        sound.start().also { sing(it) }
        scale.map(::louder).forEach { t -> t?.stop() }
        val twice = { n: Int -> double(n) }
        val job = object : Runnable { override fun run() { work() } }
        return found is Tone && check(found as Tone)
    }

    companion object {
        const val LIMIT = 3
        fun make(): Player<Tone> = Player(Store.open())
    }

    inner class Hand
}

interface Listener<in T> : Named {
    val ear: Ear
    fun hear(tone: T)
    fun hush() { quiet() }
}

enum class Key(val fifths: Int) : Named {
    C(0),
    G(1) { override fun sharp() = true };

    open fun sharp() = false
}

data class Note(val key: Key, var length: Double = 1.0)

sealed interface Event

object Stage : Place() {
    fun open() = lights.on()
}

// Makes it louder.
fun louder(tone: Tone): Tone {
    return tone.copy(volume = MOST)
}

fun Tone.quiet(by: Int): Tone { return this.minus(by) }

fun <T> T.twice(change: (T) -> T): T = change(change(this))
