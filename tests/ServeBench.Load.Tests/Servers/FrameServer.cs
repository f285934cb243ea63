using System.Net.Sockets;
using ServeBench.Load.Tests.Http2;

namespace ServeBench.Load.Tests.Servers;

/// <summary>
/// A server of HTTP/2 that answers the n-th request on its m-th connection with the very frames that a test says, right after the frame
/// that ends the request.
/// </summary>
internal sealed class FrameServer : LoopbackServer
{
    private readonly Func<int, int, int, byte[]?> _answer;
    private readonly int? _last;

    /// <param name="answer">Number of the connection and of the request on it, from 0, and the stream; null closes the connection.</param>
    /// <param name="last">After the answer to the request of this number a connection is closed; null for none.</param>
    public FrameServer(Func<int, int, int, byte[]?> answer, int? last = null)
    {
        (_answer, _last) = (answer, last);
        Start();
    }

    protected override async Task ServeAsync(NetworkStream stream, int connection)
    {
        await stream.ReadExactlyAsync(new byte[24]);
        await stream.WriteAsync(Frames.Of(Frames.Settings, 0, 0));
        for (var request = 0; request <= (_last ?? int.MaxValue);)
        {
            var head = new byte[9];
            await stream.ReadExactlyAsync(head);
            var frame = Frames.Parse([0, 0, 0, .. head[3..]])[0];
            await stream.ReadExactlyAsync(new byte[(head[0] << 16) | (head[1] << 8) | head[2]]);
            if (frame is not { Type: Frames.Data, Flags: Frames.EndStream }) continue;
            if (_answer(connection, request++, frame.Stream) is not { } answer) return;
            await stream.WriteAsync(answer);
        }
    }
}
