package import HTTP

/// How long to wait before a failed transfer is tried again.
package struct RetryPolicy: Hashable, Sendable {
    /// Attempts in a row that may bring nothing.
    package var attempts = 6
    package var firstDelaySeconds = 0.5
    package var longestDelaySeconds = 15.0

    package init() {}

    /// For tests.
    package init(attempts: Int, firstDelaySeconds: Double) {
        self.attempts = attempts
        self.firstDelaySeconds = firstDelaySeconds
    }

    /// The wait after the `failures`-th failure in a row (1, 2, ...), or nil when it is time to give up.
    package func delaySeconds(afterFailure failures: Int, error: HTTPError) -> Double? {
        guard error.isTransient, failures < attempts else { return nil }
        var delay = firstDelaySeconds
        for _ in 1..<max(failures, 1) { delay = min(delay * 2, longestDelaySeconds) }
        // A server that asks for much more than a minute is better asked again by hand.
        return max(delay, min(error.retryAfterSeconds ?? 0, 60))
    }

    /// Does it again after failures that pass.
    package func run<Success>(
        _ body: () async throws(PullError) -> Success
    ) async throws(PullError) -> Success {
        var failures = 0
        while true {
            do throws(PullError) { return try await body() } catch {
                failures += 1
                guard case .http(let cause) = error, let delay = delaySeconds(afterFailure: failures, error: cause)
                else { throw error }
                do { try await Task.sleep(for: .seconds(delay)) } catch { throw .cancelled }
            }
        }
    }
}
