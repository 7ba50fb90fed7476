package io.espalier.trainer.engine;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;

/** The engine's threads: results are bit-identical only for the same number of them. */
public final class EngineThreads {
  private EngineThreads() {}

  public static int perTrainer() {
    Engine.getInstance();
    return JniUtils.getNumThreads();
  }
}
