using System.Buffers.Binary;

namespace ServeBench.OnnxServer.Tests.Images;

/// <summary>A progressive JPEG of one grey with scans that refine nothing: each is thirty bytes, and goes over the whole image.</summary>
internal static class ManyScans
{
    /// <summary>The longest run of blocks that a code can speak of (ITU T.81, G.1.2.2), and its bits: the code's one, and 14 more.</summary>
    private const int LongestRun = (1 << 15) - 1;
    private const int RunBits = 15;

    public static byte[] File(int side, int refinements)
    {
        var blocks = ((side + 7) / 8) * ((side + 7) / 8);
        List<byte> file = [0xFF, 0xD8];
        Segment(0xDB, [0, .. Enumerable.Repeat((byte)1, 64)]);
        Segment(0xC2, [8, .. Big(side), .. Big(side), 1, 1, 0x11, 0]);
        // One code of one bit each: a difference of no bits; a run of blocks, with 14 bits of its length.
        Segment(0xC4, [0x00, 1, .. new byte[15], 0x00]);
        Segment(0xC4, [0x10, 1, .. new byte[15], 0xE0]);
        Scan(0, 0, 0x00, new byte[(blocks + 7) / 8]);
        for (var i = 0; i < refinements; i++) Scan(1, 63, 0x10, Runs());
        file.AddRange([0xFF, 0xD9]);
        return [.. file];

        byte[] Runs()
        {
            var bits = new List<bool>();
            for (var left = blocks; left > 0; left -= Math.Min(left, LongestRun))
            {
                // Runs are from 2^14 to 2^15 - 1 blocks; the last may speak of more than there are.
                var more = Math.Clamp(left, 1 << 14, LongestRun) - (1 << 14);
                bits.Add(false);
                for (var bit = RunBits - 2; bit >= 0; bit--) bits.Add((more >> bit & 1) != 0);
            }
            while (bits.Count % 8 != 0) bits.Add(false);
            var bytes = new List<byte>();
            for (var i = 0; i < bits.Count; i += 8)
            {
                bytes.Add((byte)Enumerable.Range(0, 8).Sum(k => bits[i + k] ? 128 >> k : 0));
                // So that it is no marker.
                if (bytes[^1] == 0xFF) bytes.Add(0);
            }
            return [.. bytes];
        }

        void Scan(byte first, byte last, byte bits, byte[] data)
        {
            Segment(0xDA, [1, 1, 0x00, first, last, bits]);
            file.AddRange(data);
        }

        void Segment(byte marker, byte[] content) => file.AddRange([0xFF, marker, .. Big(content.Length + 2), .. content]);
    }

    private static byte[] Big(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }
}
