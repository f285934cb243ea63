namespace ServeBench.OnnxServer.Tests.Robustness;

/// <summary>Changes bytes as noise, careless software and attackers do.</summary>
internal static class Changes
{
    /// <summary>A copy with one to three changes: a byte or bit, a piece lost, doubled or cut off, a number that is very large.</summary>
    public static byte[] Of(byte[] right, Random random)
    {
        var bytes = right.ToList();
        for (var times = random.Next(1, 4); times > 0 && bytes.Count > 0; times--)
        {
            // Lengths and tags stand at the beginning, and most of a file is its content.
            var at = random.Next(random.Next(2) == 0 ? Math.Min(64, bytes.Count) : bytes.Count);
            var count = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.RemoveRange(at, count); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, count)); break;
                case 4: bytes.InsertRange(at, [0xFF, 0xFF, 0xFF, 0xFF, (byte)random.Next(256)]); break;
                case 5: bytes[at] = (byte)(bytes[at] + random.Next(-1, 2)); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }
}
