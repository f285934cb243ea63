using System.Net;
using System.Net.WebSockets;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Load.Encoding;
using ServeBench.Load.K6;
using ServeBench.Load.K6.Running;
using ServeBench.Load.Tests.Native;

namespace ServeBench.Load.Tests.K6;

/// <summary>A real k6 against a real WebSocket: what no stack speaks yet is measured like HTTP all the same.</summary>
[Lane("k6")]
public sealed class K6WebSocketTests : DriverTest, IDisposable
{
    private readonly string _work = Directory.CreateTempSubdirectory("servebench-k6-").FullName;

    public void Dispose() => Directory.Delete(_work, recursive: true);

    [Fact]
    public async Task A_request_lasts_until_the_last_message_of_its_answer()
    {
        var program = await RealK6.FindAsync();
        var protocol = StreamedProtocols.Get("transcribe-websocket");
        var port = FreePort.Find();
        using var listener = new HttpListener();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        var serving = ServeAsync(listener);
        var target = new IPEndPoint(IPAddress.Loopback, port);
        var job = Job(target, new ClosedLoop(2)) with
        {
            Payloads = PayloadSet.Render(protocol, target, [PayloadVariables.OfTexts("m", ["one"]), PayloadVariables.OfTexts("m", ["two"])]),
            Protocol = protocol.Name,
            WarmUp = new WarmUpSettings(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1), 2),
            Measure = TimeSpan.FromSeconds(1),
            KeepAnswers = 2,
        };
        var result = await new K6Driver(program, Repository.Templates, _work, TimeProvider.System).RunAsync(job, Ct);
        listener.Stop();
        await serving;
        Assert.InRange(result.Samples.Count, 5, 40);
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Success, s.Outcome));
        // The first message comes at once, the last 50 ms later.
        Assert.All(Rows(result), s => Assert.InRange(s.Last - s.First, 45 * Millisecond, 1000 * Millisecond));
        Assert.All(result.Answers, a => Assert.Equal("""{"final":true}""", System.Text.Encoding.UTF8.GetString(a.Body)));
    }

    private static async Task ServeAsync(HttpListener listener)
    {
        var all = new List<Task>();
        while (listener.IsListening)
        {
            try
            {
                all.Add(AnswerAsync(await listener.GetContextAsync()));
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                break;
            }
        }
        await Task.WhenAll(all);
    }

    private static async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            using var socket = (await context.AcceptWebSocketAsync(null)).WebSocket;
            var buffer = new byte[4096];
            await socket.ReceiveAsync(buffer, Ct);
            await socket.SendAsync(System.Text.Encoding.UTF8.GetBytes("""{"text":"o"}"""), WebSocketMessageType.Text, true, Ct);
            await Task.Delay(50, Ct);
            await socket.SendAsync(System.Text.Encoding.UTF8.GetBytes("""{"final":true}"""), WebSocketMessageType.Text, true, Ct);
            await socket.ReceiveAsync(buffer, Ct);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", Ct);
        }
        catch (Exception e) when (e is WebSocketException or HttpListenerException or IOException)
        {
            // The client has gone.
        }
    }
}
