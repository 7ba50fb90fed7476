package io.espalier.trainer.network;

import io.espalier.configs.ModelConfig;
import io.espalier.configs.ModelConfig.FeedForward;
import io.espalier.configs.ModelConfig.Positions;
import io.espalier.configs.ModelConfig.SequenceNorm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Transformers: features of positions, blocks of attention and feed-forward layers, each with a
 * norm before it and a residual around it, and a last norm. Layers whose outputs are added to the
 * residual have no bias, so that pruned features of it are 0 (Vaswani et al., "Attention Is All You
 * Need", 2017; Xiong et al., "On Layer Normalization in the Transformer Architecture", 2020).
 */
public final class Transformer {
  private final LayerList layers;
  private final Blocks blocks;
  private final Optional<String> mask;

  /**
   * The blocks of a transformer, and what they read.
   *
   * @param causal whether positions read earlier ones only
   */
  public record Blocks(
      int count,
      int features,
      int heads,
      int keyValueHeads,
      int hidden,
      Positions positions,
      SequenceNorm norm,
      FeedForward feedForward,
      boolean causal) {
    static Blocks of(ModelConfig.CharLm model, boolean causal) {
      return new Blocks(
          model.layers(),
          model.features(),
          model.heads(),
          model.keyValueHeads(),
          model.hidden(),
          model.positions(),
          model.norm(),
          model.feedForward(),
          causal);
    }

    static Blocks of(ModelConfig.TinyVit model) {
      return new Blocks(
          model.layers(),
          model.features(),
          model.heads(),
          model.heads(),
          model.hidden(),
          Positions.LEARNED,
          SequenceNorm.LAYER,
          FeedForward.GELU,
          false);
    }
  }

  private Transformer(LayerList layers, Blocks blocks, Optional<String> mask) {
    this.layers = layers;
    this.blocks = blocks;
    this.mask = mask;
  }

  /** The layers of a language model but the last one. */
  static LayerList layers(ModelConfig.CharLm model, DataSizes sizes) {
    LayerList layers = new LayerList();
    layers.add("tokens", new TokenEmbedding(sizes.tokens(), model.features()));
    add(layers, Blocks.of(model, true), Optional.empty());
    return layers;
  }

  /** Whose positions see all that hold tokens, and give the mean of these. */
  static LayerList layers(ModelConfig.TextClassifier model, DataSizes sizes) {
    LayerList layers = new LayerList();
    String mask = layers.add("mask", new PaddingMask(sizes.padding())).last();
    int features = model.blocks().features();
    layers.add("tokens", new TokenEmbedding(sizes.tokens(), features), Network.INPUT);
    add(layers, Blocks.of(model.blocks(), false), Optional.of(mask));
    return layers.add("pool", new MeanPool(), layers.last(), mask);
  }

  /**
   * Adds positions, blocks and the last norm behind the layer that gives a sequence.
   *
   * @param mask the layer that says which positions are seen; empty for all
   */
  public static void add(LayerList layers, Blocks blocks, Optional<String> mask) {
    new Transformer(layers, blocks, mask).add();
  }

  private void add() {
    String sequence = layers.last();
    if (blocks.positions() == Positions.LEARNED) {
      layers.add("positions", new PositionEmbedding());
      sequence = add("embedding", sequence);
    }
    for (int block = 1; block <= blocks.count(); block++) {
      String name = "block" + block;
      attend(name + ".attention", norm(name + ".norm1", sequence));
      sequence = add(name + ".add1", sequence);
      feedForward(name + ".ffn", norm(name + ".norm2", sequence));
      sequence = add(name + ".add2", sequence);
    }
    norm("norm", sequence);
  }

  private String norm(String name, String from) {
    boolean centred = blocks.norm() == SequenceNorm.LAYER;
    return layers.add(name, new PositionNorm(centred, 0, Layer.EPSILON), from).last();
  }

  /** Adds the last layer's output to what it was computed from. */
  private String add(String name, String residual) {
    return layers.add(name, new Add(), residual, layers.last()).last();
  }

  private void attend(String name, String from) {
    int headSize = blocks.features() / blocks.heads();
    String queries = turned(linear(name + ".query", blocks.features(), from), headSize);
    int shared = blocks.keyValueHeads() * headSize;
    String keys = turned(linear(name + ".key", shared, from), headSize);
    String values = linear(name + ".value", shared, from);
    List<String> read = new ArrayList<>(List.of(queries, keys, values));
    mask.ifPresent(read::add);
    layers.add(
        name + ".heads", new Attention(headSize, blocks.causal()), read.toArray(String[]::new));
    layers.add(name + ".output", new Linear(blocks.features(), false));
  }

  private String turned(String from, int headSize) {
    return blocks.positions() == Positions.ROTARY
        ? layers.add(from + ".rotary", new RotaryEmbedding(headSize, RotaryEmbedding.BASE)).last()
        : from;
  }

  private String linear(String name, int outputs, String from) {
    return layers.add(name, new Linear(outputs, true), from).last();
  }

  private void feedForward(String name, String from) {
    if (blocks.feedForward() == FeedForward.GELU) {
      linear(name + ".up", blocks.hidden(), from);
      layers.add(name + ".gelu", new Activation(Activation.Function.GELU));
    } else {
      String up = linear(name + ".up", blocks.hidden(), from);
      linear(name + ".gate", blocks.hidden(), from);
      layers.add(name + ".silu", new Activation(Activation.Function.SILU));
      layers.add(name + ".gated", new Multiply(), up, layers.last());
    }
    layers.add(name + ".down", new Linear(blocks.features(), false));
  }
}
