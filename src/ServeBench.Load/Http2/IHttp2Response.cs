namespace ServeBench.Load.Http2;

/// <summary>Hears of the answer to a connection's request. What it returns is why that cannot be one; null to go on.</summary>
internal interface IHttp2Response
{
    /// <summary>A header field, or after data a trailer; names are in lower case.</summary>
    string? Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value);

    /// <summary>A block of fields is whole.</summary>
    /// <param name="isLast">Whether the answer ends with it.</param>
    string? FieldsEnd(bool isLast);

    /// <param name="bytes">A piece of the body, without padding.</param>
    string? Data(ReadOnlySpan<byte> bytes);

    /// <summary>The answer has ended with the last of its data.</summary>
    string? DataEnd();

    /// <summary>The server has broken the answer off.</summary>
    /// <param name="code">Why (RFC 9113, section 7).</param>
    string? Reset(int code);
}
