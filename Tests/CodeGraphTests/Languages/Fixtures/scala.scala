package org.example.lab

import scala.collection.mutable
import scala.util.{Failure, Success => Won}
import org.example.tools._
import org.example.units.*
import java.io.{File as Paper, *}

/** What is measured. */
sealed trait Measured[+A] extends Named with Serializable {
  type Unit
  val size: Int
  def measure(scale: Scale): Double
  def twice: Double = measure(Scale.default) * 2
}

case class Sample(name: String, var weight: Double = 0) extends Measured[Int] with Ordered[Sample]

/** Runs experiments. */
@deprecated("old", "1.0")
class Lab(private val store: Store, count: Int)(implicit clock: Clock) extends Building(count) with Open {
  private val lock = new Lock
  var samples: List[Sample] = Nil
  lazy val oven = Oven(20)
  type Result = Either[Error, Sample]

  def this(store: Store) = this(store, 1)

  // Adds a sample.
  @tailrec
  final def add(sample: Sample, times: Int = 1): Result = {
    val found = store.find(sample.name)
    val copy: Sample = sample.copy(weight = 2)
    val list = new mutable.ListBuffer[Sample](times)
    list += copy
    samples.map(heat).foreach(s => log(s))
    val twice = (n: Int) => n * MOST
    found match {
      case Some(Sample(n, _)) => Right(copy)
      case _ => Left(Errors.missing(oven))
    }
  }
}

object Lab {
  val MOST = 10
  def apply(): Lab = new Lab(Store.open())
  implicit class Rich(val sample: Sample) extends AnyVal
}

enum Color(val rgb: Int) {
  case Red extends Color(1)
  case Green, Blue
}

given ordering: Ordering[Sample] = Ordering.by(weigh)

extension (s: Sample) def heavy: Boolean = s.weight > 9

package object tools {
  def help(): Unit = ()
}
