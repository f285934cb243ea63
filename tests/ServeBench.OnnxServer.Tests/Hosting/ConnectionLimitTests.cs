using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Hosting;

/// <summary>Clients that are slow, silent, too many, or say too much.</summary>
public sealed class ConnectionLimitTests(PreparedMiniLm model)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PRI * HTTP/2.0\r\n")]
    [Lane("slow")]
    public async Task A_connection_that_does_not_say_what_it_wants_is_closed(string begin)
    {
        await using var server = await GatedServer.StartAsync(model, "--read-timeout=200ms");
        using var connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync(begin);
        Assert.Equal("", await EndOfAsync(connection));
    }

    [Fact]
    [Lane("slow")]
    public async Task A_head_that_comes_too_slowly_ends_with_408()
    {
        await using var server = await GatedServer.StartAsync(model, "--read-timeout=200ms");
        using var connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync("GET /health HTTP/1.1\r\nHost: a\r\nX-Slow: ");
        Assert.StartsWith("HTTP/1.1 408 ", await EndOfAsync(connection));
    }

    [Fact]
    [Lane("slow")]
    public async Task A_body_that_comes_too_slowly_ends_with_408()
    {
        await using var server = await GatedServer.StartAsync(model, "--read-timeout=1s");
        using var connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync("POST /v1/embeddings HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n{\"input\":");
        Assert.StartsWith("HTTP/1.1 408 ", await EndOfAsync(connection));
        Assert.Equal(1, await server.CountAsync("invalid"));
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_its_body_is_noted_and_forgotten()
    {
        await using var server = await GatedServer.StartAsync(model);
        using var connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync("POST /v1/embeddings HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n{\"input\":");
        await server.UntilAsync("servebench_requests_in_flight 1");
        connection.Reset();
        await server.UntilAsync("servebench_requests_in_flight 0");
        Assert.Equal(1, await server.CountAsync("cancelled"));
        Assert.Equal(200, (await server.Server.PostAsync("/v1/embeddings", """{"input":"a"}""")).Status);
    }

    [Theory]
    [InlineData(1, 40_000)]
    [InlineData(200, 10)]
    public async Task Heads_that_are_too_long_end_with_431(int headers, int length)
    {
        await using var server = await GatedServer.StartAsync(model);
        using var connection = await RawConnection.OpenAsync(server.Address);
        var lines = string.Concat(Enumerable.Range(0, headers).Select(i => $"X-{i}: {new string('a', length)}\r\n"));
        await connection.SendAsync($"GET /health HTTP/1.1\r\nHost: a\r\n{lines}\r\n");
        Assert.StartsWith("HTTP/1.1 431 ", await EndOfAsync(connection));
    }

    [Theory]
    [InlineData("GET /health HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET /health HTTP/3.7\r\nHost: a\r\n\r\n", "505")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\r\n\r\n", "400")]
    [InlineData("POST /embed HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 6\r\n\r\nhello", "400")]
    [InlineData("POST /embed HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400")]
    public async Task What_is_no_HTTP_is_refused(string request, string status)
    {
        await using var server = await GatedServer.StartAsync(model);
        using var connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync(request);
        Assert.StartsWith($"HTTP/1.1 {status} ", await EndOfAsync(connection));
        Assert.Equal(200, (await server.Server.GetAsync("/health")).Status);
    }

    [Fact]
    public async Task More_connections_than_allowed_are_closed()
    {
        await using var server = await GatedServer.StartAsync(model, "--max-connections=1");
        // The client's own connection is the one that there is.
        Assert.Equal(200, (await server.Server.GetAsync("/health")).Status);
        using var second = await RawConnection.OpenAsync(server.Address);
        await second.SendAsync("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal("", await EndOfAsync(second));
        Assert.Equal(200, (await server.Server.GetAsync("/health")).Status);
    }

    private static Task<string> EndOfAsync(RawConnection connection) => connection.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
}
