using System.Buffers.Binary;

namespace ServeBench.Load.Http2;

/// <summary>The entries of SETTINGS frames that matter to a client (RFC 9113, section 6.5).</summary>
internal static class PeerSettings
{
    public const int EntryLength = 6;

    public const int HeaderTableSize = 1;
    public const int EnablePush = 2;
    public const int InitialWindowSize = 4;

    private const int MaximumFrameSize = 5;

    /// <param name="settings">The payload of a frame.</param>
    /// <param name="place">Which entry of it, from 0.</param>
    public static void Write(Span<byte> settings, int place, int name, int value)
    {
        var entry = settings[(place * EntryLength)..];
        BinaryPrimitives.WriteUInt16BigEndian(entry, (ushort)name);
        BinaryPrimitives.WriteInt32BigEndian(entry[2..], value);
    }

    public static (int Name, uint Value) Read(ReadOnlySpan<byte> entry) =>
        (BinaryPrimitives.ReadUInt16BigEndian(entry), BinaryPrimitives.ReadUInt32BigEndian(entry[2..]));

    /// <returns>What is wrong with an entry; null when nothing is, or nobody knows it.</returns>
    public static string? Check(int name, uint value) => name switch
    {
        InitialWindowSize when value > int.MaxValue => $"SETTINGS_INITIAL_WINDOW_SIZE is {value}, beyond 2,147,483,647",
        // Frames of the least of them are sent, whatever the most is.
        MaximumFrameSize when value is < FrameBuffer.MostPayload or > (1 << 24) - 1 =>
            $"SETTINGS_MAX_FRAME_SIZE is {value}, which is not from 16,384 to 16,777,215",
        EnablePush when value > 1 => $"SETTINGS_ENABLE_PUSH is {value}",
        _ => null,
    };
}
