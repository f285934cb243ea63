using ServeBench.Load.Http2;

namespace ServeBench.Load.Tests.Http2;

/// <summary>Writes down what it hears, and believes all of it.</summary>
internal sealed class ResponseLog : IHttp2Response
{
    public List<string> Log { get; } = [];

    /// <summary>Bytes of data.</summary>
    public long Bytes { get; private set; }

    public string? Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => Note($"{Latin1.Text(name)}: {Latin1.Text(value)}");

    public string? FieldsEnd(bool isLast) => Note(isLast ? "last fields" : "fields");

    public string? Data(ReadOnlySpan<byte> bytes)
    {
        Bytes += bytes.Length;
        return null;
    }

    public string? DataEnd() => Note("end");

    public string? Reset(int code) => Note($"reset {code}");

    private string? Note(string what)
    {
        Log.Add(what);
        return null;
    }
}
