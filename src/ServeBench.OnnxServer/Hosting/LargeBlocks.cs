using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace ServeBench.OnnxServer.Hosting;

/// <summary>
/// Blocks of memory into which connections receive. The web server's own hold 4 KiB, so that a request of 300 kB takes 75 system calls,
/// and whoever reads it is woken as often (docs/decisions/0143).
/// </summary>
internal sealed class LargeBlocks : IMemoryPoolFactory<byte>
{
    private const int BlockSize = 1 << 15;

    /// <summary>32 MiB at most wait for their next use, whatever the number of pools: a hundred requests of 300 kB.</summary>
    private const int MostFree = 1024;

    private readonly ConcurrentQueue<Block> _free = [];

    /// <summary>The web server asks for one for each of its queues and addresses; all take from the same blocks.</summary>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool(_free);

    private sealed class Pool(ConcurrentQueue<Block> free) : MemoryPool<byte>
    {
        public override int MaxBufferSize => BlockSize;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
            return free.TryDequeue(out var block) ? block : new Block(free);
        }

        protected override void Dispose(bool disposing)
        {
            // Blocks are the server's, not this pool's.
        }
    }

    /// <summary>Pinned: the kernel writes into it. Whoever rents it disposes it once.</summary>
    private sealed class Block(ConcurrentQueue<Block> free) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true);

        public void Dispose()
        {
            if (free.Count < MostFree) free.Enqueue(this);
        }
    }
}
