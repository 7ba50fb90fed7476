package io.espalier.trainer.engine;

import io.espalier.configs.fault.ProcessExit;

/** The end of a process in which the engine may run. */
public final class EngineExit implements ProcessExit {
  @Override
  public void install() {
    NativeExit.install();
  }

  @Override
  public void halt(int exitCode) {
    NativeExit.halt(exitCode);
  }
}
