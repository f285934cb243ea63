namespace ServeBench.Load.Http2;

/// <summary>The header fields that have a number without being agreed upon (RFC 7541, appendix A).</summary>
internal static class StaticFields
{
    private const string Table =
        """
        :authority
        :method=GET
        :method=POST
        :path=/
        :path=/index.html
        :scheme=http
        :scheme=https
        :status=200
        :status=204
        :status=206
        :status=304
        :status=400
        :status=404
        :status=500
        accept-charset
        accept-encoding=gzip, deflate
        accept-language
        accept-ranges
        accept
        access-control-allow-origin
        age
        allow
        authorization
        cache-control
        content-disposition
        content-encoding
        content-language
        content-length
        content-location
        content-range
        content-type
        cookie
        date
        etag
        expect
        expires
        from
        host
        if-match
        if-modified-since
        if-none-match
        if-range
        if-unmodified-since
        last-modified
        link
        location
        max-forwards
        proxy-authenticate
        proxy-authorization
        range
        referer
        refresh
        retry-after
        server
        set-cookie
        strict-transport-security
        transfer-encoding
        user-agent
        vary
        via
        www-authenticate
        """;

    /// <summary>Numbers of fields that requests use.</summary>
    public const int Authority = 1;
    public const int MethodPost = 3;
    public const int Path = 4;
    public const int SchemeHttp = 6;
    public const int SchemeHttps = 7;
    public const int ContentType = 31;

    private static readonly (byte[] Name, byte[] Value)[] All = [.. Table.Split('\n').Select(Parse)];

    public static int Count => All.Length;

    /// <param name="number">From 1 to <see cref="Count"/>.</param>
    public static (byte[] Name, byte[] Value) Get(int number) => All[number - 1];

    private static (byte[] Name, byte[] Value) Parse(string line)
    {
        var parts = line.TrimEnd('\r').Split('=', 2);
        return (System.Text.Encoding.ASCII.GetBytes(parts[0]), System.Text.Encoding.ASCII.GetBytes(parts.ElementAtOrDefault(1) ?? ""));
    }
}
