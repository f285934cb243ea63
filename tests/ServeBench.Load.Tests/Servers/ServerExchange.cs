using System.Net.Sockets;

namespace ServeBench.Load.Tests.Servers;

/// <summary>One request that a scripted server has read.</summary>
/// <param name="socket">The connection.</param>
/// <param name="number">How many requests the server had read before.</param>
/// <param name="head">Request line and fields.</param>
/// <param name="body">The body.</param>
/// <param name="answered">Called when the request counts as answered.</param>
internal sealed class ServerExchange(Socket socket, int number, string head, byte[] body, Action answered)
{
    public int Number { get; } = number;

    public string Head { get; } = head;

    public string Body { get; } = Latin1.Text(body);

    public bool Closed { get; private set; }

    public void Answer(string body = "{}", int status = 200, string fields = "") =>
        Raw($"HTTP/1.1 {status} Whatever\r\n{fields}Content-Length: {body.Length}\r\n\r\n{body}");

    /// <summary>Answers with these very bytes. The request counts as answered before they leave.</summary>
    public void Raw(string text)
    {
        answered();
        Send(text);
    }

    public void Send(string text) => socket.Send(Latin1.Bytes(text));

    /// <summary>Closes politely.</summary>
    public void Close()
    {
        Closed = true;
        socket.Shutdown(SocketShutdown.Both);
    }

    /// <summary>Closes with a reset.</summary>
    public void Reset()
    {
        Closed = true;
        socket.LingerState = new LingerOption(true, 0);
    }
}
