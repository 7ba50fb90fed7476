package io.espalier.configs.fault;

import io.espalier.configs.plugin.ModuleParts;

/** How a process ends; a module with native libraries may have to end it in its own way. */
public interface ProcessExit {
  /** Has every way out of this process that runs shutdown hooks end as the libraries need it. */
  void install();

  /** Ends the process at once, without shutdown hooks. */
  void halt(int exitCode);

  /** The way of the native libraries on the class path; that of Java where there are none. */
  static ProcessExit ofProcess() {
    return ModuleParts.find(ProcessExit.class).orElseGet(PlainExit::new);
  }
}
