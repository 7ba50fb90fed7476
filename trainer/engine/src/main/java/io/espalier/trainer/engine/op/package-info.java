/**
 * How the engine computes each layer: an {@link io.espalier.trainer.engine.op.EngineOp} per class
 * of layers.
 */
@org.jspecify.annotations.NullMarked
package io.espalier.trainer.engine.op;
