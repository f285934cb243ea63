using System.Buffers;
using System.Numerics.Tensors;
using System.Text.Json;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.OpenInference;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.OpenInference;

/// <summary>
/// Reads inference requests: prepared <c>pixels</c> [n, 3, size, size], FP32, or <c>image</c> [n, height, width, 3], UINT8, whichever the
/// graph takes; or <c>encoded</c> [n], BYTES, image files. Every row becomes an image of its own, and shares executions with others.
/// </summary>
internal sealed class ImageTensorReader(ServerOptions options, TimeProvider time)
    : InferReader<ClassificationModel, ClassificationRequest>(time)
{
    /// <summary>
    /// Of the squares of an image's prepared pixels. Raw levels up to 255 are a hundredth of it; what is beyond, infinite or not a number
    /// would overflow in the network, and look like a fault of the server's.
    /// </summary>
    private const float MostOfSquares = 1e12f;

    public override InferContract ContractOf(ClassificationModel model) => model.Contract;

    protected override ApiError? ReadInputs(
        ClassificationModel model, InferHeader header, ReadOnlySpan<byte> body, ClassificationRequest into)
    {
        if (header.Inputs is not [var input])
            return ApiError.Invalid($"inputs must be {model.InputName} or {ClassificationModel.Files.Name}, and nothing else", "inputs");
        if (input.Rows > options.MaxItems) return ApiError.TooMany(options.MaxItems, input.Name);
        var intake = new ImageIntake(model, into, options.MaxItems, input.Name);
        if (input.Name == ClassificationModel.Files.Name) return TensorData.ReadElements(input, body, new Files(intake));
        // A shape of a few bytes can speak of any number of pixels: memory is only taken for those that may be there.
        if (CheckShape(input, model) is { } error) return error;
        if (input.Elements > input.MaximumNumbers) return TensorData.WrongCount(input);
        return model.Own.Input.PreparesInside ? ReadWhole(input, body, intake) : ReadPixels(input, body, intake);
    }

    private ApiError? CheckShape(in InputTensor input, ClassificationModel model)
    {
        var size = model.Own.Input.Size;
        if (!model.Own.Input.PreparesInside)
            return input.Shape is { Dimensions: 4 } shape && (shape[1], shape[2], shape[3]) == (3, size, size)
                ? null
                : ApiError.Invalid($"the shape of '{input.Name}' is {input.Shape}; it must be [n, 3, {size}, {size}]", input.Name);
        if (input.Shape.Dimensions != 4 || input.Shape[3] != 3)
            return ApiError.Invalid($"the shape of '{input.Name}' is {input.Shape}; it must be [n, height, width, 3]", input.Name);
        return (long)input.Shape[1] * input.Shape[2] <= options.MaxPixels
            ? null
            : ApiError.Invalid(
                $"'{input.Name}' has more than {options.MaxPixels} pixels, the limit of this server (--max-pixels)", input.Name);
    }

    private static ApiError? ReadPixels(in InputTensor input, ReadOnlySpan<byte> body, in ImageIntake intake)
    {
        var numbers = (int)(input.Elements / input.Rows);
        if (input.Form == TensorForm.Binary && input.Length != input.Elements * sizeof(float)) return TensorData.WrongCount(input);
        if (input.Form == TensorForm.Binary)
        {
            // Each row goes straight to where it waits.
            for (var row = 0; row < input.Rows; row++)
            {
                var one = input with
                {
                    Shape = TensorShape.Of([1, numbers]),
                    At = input.At + (row * numbers * sizeof(float)),
                    Length = numbers * sizeof(float),
                };
                if (intake.Reserve((long)numbers * sizeof(float)) is { } full) return full;
                var pixels = ArrayPool<float>.Shared.Rent(numbers);
                TensorData.ReadSingles(one, body, pixels.AsSpan(0, numbers));
                if (!IsImage(pixels.AsSpan(0, numbers)))
                {
                    ArrayPool<float>.Shared.Return(pixels);
                    return NoImage(input, row);
                }
                intake.Add(new PreparedImage(ImageForm.Pixels, null, pixels));
            }
            return null;
        }
        var all = ArrayPool<float>.Shared.Rent(checked((int)input.Elements));
        try
        {
            var error = TensorData.ReadSingles(input, body, all.AsSpan(0, (int)input.Elements));
            for (var row = 0; error is null && row < input.Rows; row++)
            {
                error = IsImage(all.AsSpan(row * numbers, numbers))
                    ? intake.Reserve((long)numbers * sizeof(float))
                    : NoImage(input, row);
                if (error is not null) break;
                var pixels = ArrayPool<float>.Shared.Rent(numbers);
                all.AsSpan(row * numbers, numbers).CopyTo(pixels);
                intake.Add(new PreparedImage(ImageForm.Pixels, null, pixels));
            }
            return error;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(all);
        }
    }

    /// <summary>One quick pass: a sum that holds something infinite, or no number, is not below the limit either.</summary>
    private static bool IsImage(ReadOnlySpan<float> pixels) => TensorPrimitives.SumOfSquares(pixels) <= MostOfSquares;

    private static ApiError NoImage(in InputTensor input, int row) => ApiError.Invalid(
        $"row {row} of '{input.Name}' holds numbers that are infinite, none, or far beyond those of pixels", input.Name);

    private static ApiError? ReadWhole(in InputTensor input, ReadOnlySpan<byte> body, in ImageIntake intake)
    {
        var octets = (int)(input.Elements / input.Rows);
        var all = ArrayPool<byte>.Shared.Rent(checked((int)input.Elements));
        try
        {
            var error = TensorData.ReadOctets(input, body, all.AsSpan(0, (int)input.Elements));
            for (var row = 0; error is null && row < input.Rows; row++)
            {
                error = intake.Reserve(octets);
                if (error is not null) break;
                var image = ArrayPool<byte>.Shared.Rent(octets);
                all.AsSpan(row * octets, octets).CopyTo(image);
                intake.Add(new PreparedImage(ImageForm.Whole, image, null, input.Shape[2], input.Shape[1]));
            }
            return error;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(all);
        }
    }

    /// <summary>Takes the elements of a tensor as image files; in JSON they are base64.</summary>
    private readonly struct Files(ImageIntake intake) : IBytesIntake
    {
        public ApiError? Take(ref Utf8JsonReader json) => intake.AddBase64(ref json);

        public ApiError? Take(ReadOnlySpan<byte> element) => intake.AddFile(element);
    }
}
