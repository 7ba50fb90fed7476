package io.espalier.trainer.network;

/**
 * The form that the layers of one class have in a back end, such as their operation on an engine.
 *
 * <p>Built-in forms are listed in the registry of their back end. Those of users are found by
 * {@link java.util.ServiceLoader}: a public class with a public constructor without arguments,
 * which implements the back end's interface for its layer, such as {@code EngineOp<OwnLayer>}, and
 * is listed in {@code META-INF/services/io.espalier.trainer.network.LayerForm}.
 */
public interface LayerForm<L extends Layer> {}
