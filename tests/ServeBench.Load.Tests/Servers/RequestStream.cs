using System.Net.Sockets;

namespace ServeBench.Load.Tests.Servers;

/// <summary>Reads whole requests from a socket.</summary>
internal sealed class RequestStream(Socket socket)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly List<byte> _bytes = [];

    /// <returns>Null when the client has closed the connection.</returns>
    public (string Head, byte[] Body)? Next()
    {
        int end;
        while ((end = Latin1.Text(_bytes.ToArray()).IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
        {
            if (!More()) return null;
        }
        var head = Latin1.Text(_bytes.GetRange(0, end + 2).ToArray());
        var length = head.Split("\r\n").Where(l => l.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase)).Select(l => int.Parse(l[16..])).FirstOrDefault();
        while (_bytes.Count < end + 4 + length)
        {
            if (!More()) return null;
        }
        var body = _bytes.GetRange(end + 4, length).ToArray();
        _bytes.RemoveRange(0, end + 4 + length);
        return (head, body);
    }

    private bool More()
    {
        var count = socket.Receive(_buffer);
        _bytes.AddRange(_buffer.AsSpan(0, count));
        return count > 0;
    }
}
