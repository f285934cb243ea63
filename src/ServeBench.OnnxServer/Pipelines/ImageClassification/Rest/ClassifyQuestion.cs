using System.Globalization;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;
using ServeBench.OnnxServer.Protocols;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Rest;

/// <summary>What a request for classes says beside its images.</summary>
internal sealed class ClassifyQuestion
{
    private const int UsualTop = 5;

    /// <summary>The model; null where there is only one to ask.</summary>
    public string? Model { get; private set; }

    /// <summary>How many classes are wanted, the best first; null for the usual number.</summary>
    public int? Top { get; private set; }

    /// <summary>Whether all logits are wanted, too.</summary>
    public bool WantsLogits { get; private set; }

    /// <summary>Takes a member that is given as text: in a query, or as a field of a form.</summary>
    /// <returns>What is wrong with it; null when nothing is, or nobody here knows it.</returns>
    public ApiError? Take(string name, string value)
    {
        switch (name)
        {
            case "model":
                return Take(model: value);
            case "top_k":
                return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var top) ? TakeTop(top) : WrongTop();
            case "logits":
                return bool.TryParse(value, out var logits)
                    ? Take(logits)
                    : ApiError.Invalid("logits must be true or false", "logits");
            default:
                return null;
        }
    }

    public ApiError? Take(string model)
    {
        Model = model;
        return null;
    }

    public ApiError? Take(bool wantsLogits)
    {
        WantsLogits = wantsLogits;
        return null;
    }

    public ApiError? TakeTop(int top)
    {
        Top = top;
        return top > 0 ? null : WrongTop();
    }

    /// <summary>How many classes a model is to give.</summary>
    public int TopOf(ClassificationModel model) => Math.Min(Top ?? UsualTop, model.ScoresOfImage);

    /// <summary>What a model cannot answer of it; null when it can all.</summary>
    public ApiError? Check(ClassificationModel model)
    {
        if (Top > model.ScoresOfImage)
            return ApiError.Invalid($"top_k is {Top}, and the model '{model.Name}' gives {model.ScoresOfImage} classes", "top_k");
        return WantsLogits && !model.GivesLogits
            ? ApiError.Invalid($"the model '{model.Name}' does not give the logits of all classes", "logits")
            : null;
    }

    public static ApiError WrongTop() => ApiError.Invalid("top_k must be a whole number greater than 0", "top_k");
}
