package io.espalier.configs.plugin;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A method that plug-ins implement or override, as {@link PluginGuard#around} calls it. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface PluginCall {
  /** Completes "failed to …" in errors; {@code {0}} is the first argument, and so on. */
  String value();

  /** Whether the call is made before a run starts, so that a failure refuses the recipe. */
  boolean prepares() default false;

  /** An argument that errors call by a name of its own. */
  interface Subject {
    /** The name in errors. */
    String subject();
  }
}
