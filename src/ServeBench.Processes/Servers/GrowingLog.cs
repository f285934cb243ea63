using System.Text;

namespace ServeBench.Processes.Servers;

/// <summary>Reads what a server has printed since the last look, whole lines only, while it goes on printing.</summary>
/// <param name="file">Where it prints to; it need not be there yet.</param>
public sealed class GrowingLog(string file)
{
    /// <summary>A line that does not end within so many bytes is taken as it is.</summary>
    private const int LongestLine = 1 << 16;

    private long _read;

    /// <returns>The lines that have been finished since the last call, in order.</returns>
    public IReadOnlyList<string> NewLines()
    {
        if (!File.Exists(file)) return [];
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var length = stream.Length;
        if (length <= _read) return [];
        stream.Position = _read;
        var bytes = new byte[length - _read];
        var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var end = bytes.AsSpan(0, count).LastIndexOf((byte)'\n') + 1;
        if (end == 0 && count >= LongestLine) end = count;
        _read += end;
        return end == 0 ? [] : Encoding.UTF8.GetString(bytes, 0, end).TrimEnd('\n').Split('\n');
    }
}
