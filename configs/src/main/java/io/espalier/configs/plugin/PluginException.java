package io.espalier.configs.plugin;

/** A user's code threw or returned an invalid value during a run. */
public final class PluginException extends RuntimeException {
  PluginException(String message) {
    super(message);
  }

  PluginException(String message, Throwable cause) {
    super(message, cause);
  }
}
