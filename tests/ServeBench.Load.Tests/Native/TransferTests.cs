using System.Net;
using System.Net.Sockets;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Load.Encoding;
using ServeBench.Load.Tests.Encoding;
using ServeBench.Load.Tests.Servers;

namespace ServeBench.Load.Tests.Native;

[Lane("slow")]
public sealed class TransferTests : DriverTest
{
    /// <summary>A request that does not fit into the socket's buffers goes out in pieces, and so does such an answer come in.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Large_requests_and_answers_arrive_whole(string driver)
    {
        const int size = 6_000_000;
        var sum = 0L;
        using var server = new ScriptedServer(e =>
        {
            Interlocked.Add(ref sum, e.Body.Length);
            e.Answer(new string('y', size));
        });
        var job = Large(server.EndPoint, size) with { KeepAnswers = 1, Measure = TimeSpan.FromMilliseconds(400) };
        var result = await Driver(driver).RunAsync(job, Ct);
        Assert.NotEmpty(Rows(result));
        Assert.All(Rows(result), s => Assert.Equal((Outcome.Success, size), (s.Outcome, s.ResponseBytes)));
        Assert.Equal(new string('y', size), Latin1.Text(Assert.Single(result.Answers).Body));
        Assert.Equal(0, sum % job.Payloads.Requests[0].BodyBytes);
        Assert.Equal(1, server.Accepted);
    }

    /// <summary>The rest of a request that was answered too early must not be read as the next request.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task A_connection_whose_request_was_answered_before_it_was_sent_is_not_used_again(string driver)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var accepted = 0;
        var serving = Task.Run(
            async () =>
            {
                while (true)
                {
                    // Reads the first bytes only and refuses.
                    var socket = await listener.AcceptSocketAsync(Ct);
                    Interlocked.Increment(ref accepted);
                    _ = Task.Run(
                        async () =>
                        {
                            var some = new byte[1000];
                            while (await socket.ReceiveAsync(some, Ct) > 0)
                            {
                                await socket.SendAsync(Latin1.Bytes("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"), Ct);
                                await Task.Delay(TimeSpan.FromSeconds(20), Ct);
                            }
                        },
                        Ct);
                }
            },
            Ct);
        var result = await Driver(driver).RunAsync(Large((IPEndPoint)listener.LocalEndpoint, 20_000_000) with { Measure = TimeSpan.FromMilliseconds(100) }, Ct);
        listener.Stop();
        Assert.NotEmpty(Rows(result));
        Assert.All(Rows(result), s => Assert.Equal((Outcome.ClientError, 413), (s.Outcome, s.Status)));
        Assert.InRange(accepted, result.Samples.Count, int.MaxValue);
        await Assert.ThrowsAnyAsync<Exception>(() => serving);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Speaks_to_an_IPv6_address(string driver)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "there is no IPv6 on this system");
        using var server = new ScriptedServer(e => e.Answer(e.Head.Contains("Host: [::1]:", StringComparison.Ordinal) ? "{}" : "no"), IPAddress.IPv6Loopback);
        var result = await Driver(driver).RunAsync(Job(server.EndPoint, new ClosedLoop(2)) with { KeepAnswers = 1 }, Ct);
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Success, s.Outcome));
        Assert.Equal("{}", Latin1.Text(Assert.Single(result.Answers).Body));
    }

    /// <summary>An answer that comes in single bytes is one answer, and its first byte's time is the first byte's.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task An_answer_may_come_byte_by_byte(string driver)
    {
        using var server = new ScriptedServer(e =>
        {
            const string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
            foreach (var c in answer[..^1])
            {
                e.Send(c.ToString());
                Thread.Yield();
            }
            Thread.Sleep(2);
            e.Raw(answer[^1..]);
        });
        var result = await Driver(driver).RunAsync(Job(server.EndPoint, new ClosedLoop(2)), Ct);
        Assert.NotEmpty(Rows(result));
        Assert.All(Rows(result), s =>
        {
            Assert.Equal((Outcome.Success, 2), (s.Outcome, s.ResponseBytes));
            Assert.InRange(s.First, s.Sent, s.Last);
        });
        // On a busy machine all the bytes may be there before the driver looks, but not always.
        Assert.Contains(Rows(result), s => s.Last - s.First >= 2 * Millisecond);
    }

    private static LoadJob Large(IPEndPoint target, int size) => Job(target, new ClosedLoop(1)) with
    {
        Payloads = PayloadSet.Render(Protocols.Embeddings, target, [PayloadVariables.OfTexts("m", [new string('x', size)])]),
    };
}
