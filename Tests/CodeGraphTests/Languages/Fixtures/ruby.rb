require "json"
require_relative "lib/helper"
load "tasks.rb"

# Everything of the zoo.
module Zoo
  extend Countable
  MOST = 30
  @keepers = []

  # Called when an animal is missing.
  class MissingError < StandardError; end

  # An animal.
  class Animal < Living::Being
    include Comparable
    prepend Noisy, Furry
    attr_reader :name, :age
    attr_accessor :cage
    has_many :visits, class_name: "Visit"
    before_save :weigh
    DEFAULTS = { food: Hay.new }.freeze

    def initialize(name, age = 1)
      super(name)
      @name = name
      @keeper = Keeper.new(self)
      @cage = find_cage
    end

    # Feeds it.
    def feed(food, *rest, &block)
      keeper = Keeper.find_by(name: food)
      keeper.bring(food).then { |dish| eat dish }
      rest.each(&:wash)
      log "fed #{full_name}"
      notify(method(:done))
      keeper&.leave
      @keeper.go
    end

    def self.born(name)
      new(name)
    end

    class << self
      def all
        Store.all
      end
    end

    def <=>(other) = age <=> other.age

    alias_method :eat_up, :feed
    alias nourish feed

    private

    def weigh; end
  end

  Visit = Struct.new(:day, :guest)
  greet = ->(guest) { guest.wave }

  def self.open(hour)
    Gate::Lock.new.turn(hour)
    raise MissingError, "none"
  end
end

def help
  Zoo.open 8
  Zoo::Animal.born("x")
end

Zoo::CLOSED = false
$opened = Time.now
task default: [:help]
