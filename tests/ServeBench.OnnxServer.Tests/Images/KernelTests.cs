using ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Jpeg;

namespace ServeBench.OnnxServer.Tests.Images;

/// <summary>What vector instructions compute is what plain code computes, which other processors use.</summary>
public sealed class KernelTests
{
    private readonly Random _random = new(11);

    [Fact]
    public void The_transform_is_the_same_with_and_without_vectors()
    {
        var (block, quantiser) = (new short[64], new int[64]);
        var (fast, plain) = (new byte[64], new byte[64]);
        for (var round = 0; round < 2000; round++)
        {
            for (var i = 0; i < 64; i++)
            {
                block[i] = _random.Next(3) == 0 ? (short)_random.Next(-1024, 1024) : (short)0;
                quantiser[i] = _random.Next(1, 256);
            }
            InverseTransform.Run(block, quantiser, hasOthers: true, fast, 8);
            InverseTransform.RunPlain(block, quantiser, plain, 8);
            Assert.Equal(plain, fast);
            Array.Clear(block, 1, 63);
            InverseTransform.Run(block, quantiser, hasOthers: false, fast, 8);
            InverseTransform.RunPlain(block, quantiser, plain, 8);
            Assert.Equal(plain, fast);
        }
    }

    [Fact]
    public void Colours_are_the_same_with_and_without_vectors()
    {
        var (y, cb, cr) = (new byte[256], new byte[256], new byte[256]);
        var (fast, plain) = (new uint[256], new uint[256]);
        for (var light = 0; light < 256; light += 5)
        {
            for (var blue = 0; blue < 256; blue++)
            {
                for (var red = 0; red < 256; red++) (y[red], cb[red], cr[red]) = ((byte)light, (byte)blue, (byte)red);
                ColourConversion.FromYcc(y, cb, cr, fast, 256);
                ColourConversion.FromYccPlain(y, cb, cr, plain, 256);
                Assert.Equal(plain, fast);
            }
        }
    }
}
