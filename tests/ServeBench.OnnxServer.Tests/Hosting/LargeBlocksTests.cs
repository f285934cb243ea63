using ServeBench.OnnxServer.Hosting;

namespace ServeBench.OnnxServer.Tests.Hosting;

/// <summary>The memory that connections receive into.</summary>
public sealed class LargeBlocksTests
{
    [Fact]
    public void A_block_is_used_again_when_it_is_given_back_and_by_one_at_a_time()
    {
        using var pool = new LargeBlocks().Create();
        var first = pool.Rent();
        var second = pool.Rent(1);
        Assert.Equal((pool.MaxBufferSize, pool.MaxBufferSize), (first.Memory.Length, second.Memory.Length));
        Assert.False(first.Memory.Equals(second.Memory));
        var memory = first.Memory;
        first.Dispose();
        using var third = pool.Rent(pool.MaxBufferSize);
        Assert.True(memory.Equals(third.Memory));
        second.Dispose();
    }

    [Fact]
    public void More_than_a_block_holds_is_not_promised()
    {
        using var pool = new LargeBlocks().Create();
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(pool.MaxBufferSize + 1));
    }
}
