using System.Threading.Tasks.Sources;

namespace ServeBench.Load.Tls;

/// <summary>
/// What lies under a TLS session of a socket loop: what has come is put in, what is to go out is handed on at once. Everything happens on
/// the loop's thread: a read that had to wait goes on inside <see cref="Feed"/>.
/// </summary>
/// <param name="send">Sends bytes, which it does not keep.</param>
internal sealed class MemoryTransport(MemoryTransport.Sender send) : Stream, IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _source;
    private byte[] _came = new byte[16 * 1024];
    private int _from;
    private int _to;
    private Memory<byte> _wanted;

    /// <summary>True while a read waits for bytes.</summary>
    public bool Waits { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Takes what has come.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        if (_from == _to) _from = _to = 0;
        if (_to + bytes.Length > _came.Length)
        {
            var left = _to - _from;
            var room = left + bytes.Length <= _came.Length ? _came : new byte[2 * (left + bytes.Length)];
            _came.AsSpan(_from, left).CopyTo(room);
            (_came, _from, _to) = (room, 0, left);
        }
        bytes.CopyTo(_came.AsSpan(_to));
        _to += bytes.Length;
        if (!Waits) return;
        Waits = false;
        _source.SetResult(Take(_wanted.Span));
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_from < _to || buffer.IsEmpty) return ValueTask.FromResult(Take(buffer.Span));
        _source.Reset();
        _wanted = buffer;
        Waits = true;
        return new ValueTask<int>(this, _source.Version);
    }

    public override void Write(ReadOnlySpan<byte> buffer) => send(buffer);

    public override void Write(byte[] buffer, int offset, int count) => send(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        send(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private int Take(Span<byte> room)
    {
        var count = Math.Min(room.Length, _to - _from);
        _came.AsSpan(_from, count).CopyTo(room);
        _from += count;
        return count;
    }

    public delegate void Sender(ReadOnlySpan<byte> bytes);
}
