package io.espalier.configs.plugin;

/** The class path lacks a module that provides a part. The message names it and the way out. */
public final class MissingModuleException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  MissingModuleException(String message) {
    super(message);
  }
}
