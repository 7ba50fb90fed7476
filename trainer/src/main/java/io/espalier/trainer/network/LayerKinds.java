package io.espalier.trainer.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a description calls each layer; a name never changes its meaning. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Layer.Convolution.class, name = "convolution"),
  @JsonSubTypes.Type(value = Layer.Linear.class, name = "linear"),
  @JsonSubTypes.Type(value = Layer.BatchNorm.class, name = "batch-norm"),
  @JsonSubTypes.Type(value = Layer.GroupNorm.class, name = "group-norm"),
  @JsonSubTypes.Type(value = Layer.Activation.class, name = "activation"),
  @JsonSubTypes.Type(value = Layer.LeakyRelu.class, name = "leaky-relu"),
  @JsonSubTypes.Type(value = Layer.Clip.class, name = "clip"),
  @JsonSubTypes.Type(value = Layer.Affine.class, name = "affine"),
  @JsonSubTypes.Type(value = Layer.ChannelAffine.class, name = "channel-affine"),
  @JsonSubTypes.Type(value = Layer.Pad.class, name = "pad"),
  @JsonSubTypes.Type(value = Layer.MaxPool.class, name = "max-pool"),
  @JsonSubTypes.Type(value = Layer.AveragePool.class, name = "average-pool"),
  @JsonSubTypes.Type(value = Layer.GlobalAveragePool.class, name = "global-average-pool"),
  @JsonSubTypes.Type(value = Layer.Add.class, name = "add"),
  @JsonSubTypes.Type(value = Layer.Multiply.class, name = "multiply"),
  @JsonSubTypes.Type(value = Layer.Concat.class, name = "concat"),
  @JsonSubTypes.Type(value = Layer.Flatten.class, name = "flatten")
})
interface LayerKinds {}
