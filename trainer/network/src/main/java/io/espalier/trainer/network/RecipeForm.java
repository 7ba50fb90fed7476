package io.espalier.trainer.network;

/**
 * How recipes and model files name layers of a class. Without it, networks that a program builds
 * may have such layers, but no file can store them.
 */
public interface RecipeForm<L extends Layer> extends LayerForm<L> {
  LayerKind kind();
}
