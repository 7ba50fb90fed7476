package io.espalier.configs.fault;

/** Java's own end of a process. */
final class PlainExit implements ProcessExit {
  @Override
  public void install() {}

  @Override
  public void halt(int exitCode) {
    Runtime.getRuntime().halt(exitCode);
  }
}
