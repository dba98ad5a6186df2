import CCurl

/// One of libcurl's handles with its open connections. Used by one thread at a time.
// SAFETY: @unchecked because of the pointer; `HTTPClient` hands each handle to one exchange at a time.
@safe
final class CurlHandle: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer

    init?() {
        guard let pointer = unsafe ccurl_easy_init() else { return nil }
        unsafe self.pointer = pointer
    }

    deinit { unsafe ccurl_easy_cleanup(pointer) }
}

/// One request and its answer. Lives on the thread that runs it.
@safe
final class CurlExchange {
    private let request: HTTPRequest
    private let isCancelled: CancellationFlag
    private let headReceiver: HTTPClient.HeadReceiver
    private let bodyReceiver: HTTPClient.BodyReceiver
    private var parser = HTTPHeadParser()
    private var head: HTTPHead?
    private var failure: HTTPError?
    private var handle: UnsafeMutableRawPointer?

    init(
        request: HTTPRequest, isCancelled: CancellationFlag, head: @escaping HTTPClient.HeadReceiver,
        body: @escaping HTTPClient.BodyReceiver
    ) {
        self.request = request
        self.isCancelled = isCancelled
        headReceiver = head
        unsafe bodyReceiver = body
    }

    func run(on curl: CurlHandle, settings: HTTPSettings) throws(HTTPError) -> HTTPHead {
        let handle = unsafe curl.pointer
        unsafe self.handle = handle
        unsafe ccurl_easy_reset(handle)
        var lines: UnsafeMutablePointer<curl_slist>?
        for header in request.headers { unsafe lines = unsafe ccurl_list_append(lines, header) }
        defer { unsafe ccurl_list_free(lines) }
        unsafe configure(handle, settings: settings, headers: lines)
        let code = unsafe request.body.withUnsafeBytes { body in
            if request.method == .post { unsafe post(body, handle) }
            return unsafe ccurl_easy_perform(handle)
        }
        if isCancelled.isRaised { throw .cancelled }
        if let failure { throw failure }
        guard code == CURLE_OK else {
            throw unsafe .noConnection(
                url: request.url, code: code.rawValue, reason: String(cString: ccurl_easy_strerror(code)))
        }
        try announceHead()
        return head!
    }

    private func configure(
        _ handle: UnsafeMutableRawPointer, settings: HTTPSettings, headers: UnsafeMutablePointer<curl_slist>?
    ) {
        unsafe ccurl_set_string(handle, CURLOPT_URL, request.url)
        unsafe ccurl_allow_http_only(handle)
        unsafe ccurl_set_string(handle, CURLOPT_USERAGENT, settings.userAgent)
        unsafe ccurl_set_list(handle, CURLOPT_HTTPHEADER, headers)
        if request.method == .head { unsafe ccurl_set_long(handle, CURLOPT_NOBODY, 1) }
        unsafe ccurl_set_long(handle, CURLOPT_FOLLOWLOCATION, request.followsRedirects ? 1 : 0)
        unsafe ccurl_set_long(handle, CURLOPT_MAXREDIRS, 10)
        // One long body after another: HTTP/2 has nothing to multiplex here and its windows slow single streams.
        unsafe ccurl_set_long(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        unsafe ccurl_set_long(handle, CURLOPT_BUFFERSIZE, 512 << 10)
        unsafe ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        unsafe ccurl_set_long(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        unsafe ccurl_set_long(handle, CURLOPT_NETRC, Int(CURL_NETRC_OPTIONAL.rawValue))
        unsafe ccurl_set_long(
            handle, CURLOPT_CONNECTTIMEOUT, request.connectTimeoutSeconds ?? settings.connectTimeoutSeconds)
        if let limit = request.totalTimeoutSeconds { unsafe ccurl_set_long(handle, CURLOPT_TIMEOUT, limit) }
        unsafe ccurl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
        unsafe ccurl_set_long(
            handle, CURLOPT_LOW_SPEED_TIME, request.stallTimeoutSeconds ?? settings.stallTimeoutSeconds)
        if let file = settings.certificateFile { unsafe ccurl_set_string(handle, CURLOPT_CAINFO, file) }
        if let folder = settings.certificateFolder { unsafe ccurl_set_string(handle, CURLOPT_CAPATH, folder) }
        if let token = request.token {
            // Unlike a header line, this one is never passed on to another host by a redirect.
            unsafe ccurl_set_long(handle, CURLOPT_HTTPAUTH, bearerAuthentication)
            unsafe ccurl_set_string(handle, CURLOPT_XOAUTH2_BEARER, token)
        }
        // SAFETY: `self` outlives the perform call, the only user of these pointers.
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe ccurl_set_header_callback(handle) { data, size, count, context in
            unsafe CurlExchange.from(context).receiveHeader(UnsafeRawBufferPointer(start: data, count: size * count))
        }
        unsafe ccurl_set_pointer(handle, CURLOPT_HEADERDATA, context)
        unsafe ccurl_set_write_callback(handle) { data, size, count, context in
            unsafe CurlExchange.from(context).receiveBody(UnsafeRawBufferPointer(start: data, count: size * count))
        }
        unsafe ccurl_set_pointer(handle, CURLOPT_WRITEDATA, context)
        unsafe ccurl_set_progress_callback(handle) { context, _, _, _, _ in
            unsafe CurlExchange.from(context).isCancelled.isRaised ? 1 : 0
        }
        unsafe ccurl_set_pointer(handle, CURLOPT_XFERINFODATA, context)
        unsafe ccurl_set_long(handle, CURLOPT_NOPROGRESS, 0)
    }

    /// - Parameter body: has to be there until the exchange is over.
    private func post(_ body: UnsafeRawBufferPointer, _ handle: UnsafeMutableRawPointer) {
        unsafe ccurl_set_long(handle, CURLOPT_POST, 1)
        unsafe ccurl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        unsafe ccurl_set_pointer(handle, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: body.baseAddress))
    }

    /// CURLAUTH_BEARER, a macro that Swift does not see.
    private var bearerAuthentication: Int { 1 << 6 }

    private static func from(_ context: UnsafeMutableRawPointer?) -> CurlExchange {
        // SAFETY: `configure` set it to an exchange that is alive during the call.
        unsafe Unmanaged<CurlExchange>.fromOpaque(context!).takeUnretainedValue()
    }

    private func receiveHeader(_ line: UnsafeRawBufferPointer) -> Int {
        unsafe parser.receive(line)
        return line.count
    }

    private func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        do throws(HTTPError) {
            try announceHead()
            try unsafe bodyReceiver(bytes)
            return bytes.count
        } catch {
            failure = error
            // Any other number than the count ends the transfer.
            return bytes.count == 0 ? 1 : 0
        }
    }

    private func announceHead() throws(HTTPError) {
        guard head == nil else { return }
        let url = unsafe ccurl_effective_url(handle!).map { unsafe String(cString: $0) } ?? request.url
        let head = HTTPHead(status: parser.status, headers: parser.headers, url: url)
        self.head = head
        try headReceiver(head)
    }
}
