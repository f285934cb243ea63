using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using ServeBench.Models.Store;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Images;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Jpeg;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Resizing;

namespace ServeBench.OnnxServer.Tests.Images;

/// <summary>What vector instructions compute is what plain code computes, which other processors use.</summary>
public sealed class KernelTests
{
    private const string NoVectors = "this processor has no AVX2: there is only the plain code, which DecoderTests and ResizingTests hold against Pillow";

    private readonly Random _random = new(11);

    [Fact]
    public void Scaling_is_the_same_with_and_without_vectors()
    {
        Assert.SkipUnless(Avx2.IsSupported, NoVectors);
        for (var round = 0; round < 40; round++)
        {
            var source = new ImageSize(_random.Next(1, 700), _random.Next(1, 500));
            var size = _random.Next(1, 60);
            var input = new ManifestImageInput(size, size + _random.Next(20), ManifestImageInput.Bilinear, [0, 0, 0], [1, 1, 1], ManifestImageInput.Outside);
            var (fast, plain) = (new byte[ResizedCentre.BytesOf(input)], new byte[ResizedCentre.BytesOf(input)]);
            var seed = _random.Next();
            Scale(new ResizedCentre(), fast);
            Scale(new ResizedCentre(isPlain: true), plain);
            Assert.True(fast.AsSpan().SequenceEqual(plain), $"{source} to {input.Resize}, {size}: {fast.Zip(plain).Count(p => p.First != p.Second)} of {fast.Length} values differ");

            void Scale(ResizedCentre centre, byte[] into)
            {
                var pixels = new Random(seed);
                centre.Begin(source, input, into);
                for (var row = centre.Wanted.Top; row < centre.Wanted.Bottom; row++)
                {
                    pixels.NextBytes(MemoryMarshal.AsBytes(centre.Room[..centre.Wanted.Width]));
                    centre.Commit(row);
                }
            }
        }
    }

    [Fact]
    public void The_transform_is_the_same_with_and_without_vectors()
    {
        Assert.SkipUnless(Avx2.IsSupported, NoVectors);
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
        Assert.SkipUnless(Avx2.IsSupported, NoVectors);
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
