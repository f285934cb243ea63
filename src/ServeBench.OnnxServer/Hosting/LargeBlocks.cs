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
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool();

    private sealed class Pool : MemoryPool<byte>
    {
        private const int BlockSize = 1 << 15;

        /// <summary>32 MiB at most wait for their next use: a hundred requests of 300 kB.</summary>
        private const int MostFree = 1024;

        private readonly ConcurrentQueue<Block> _free = [];

        public override int MaxBufferSize => BlockSize;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
            return _free.TryDequeue(out var block) ? block : new Block(this);
        }

        protected override void Dispose(bool disposing) => _free.Clear();

        /// <summary>Pinned: the kernel writes into it.</summary>
        private sealed class Block(Pool pool) : IMemoryOwner<byte>
        {
            public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true);

            public void Dispose()
            {
                if (pool._free.Count < MostFree) pool._free.Enqueue(this);
            }
        }
    }
}
