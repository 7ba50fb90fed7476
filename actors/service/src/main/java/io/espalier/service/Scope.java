package io.espalier.service;

import java.util.Locale;

/** The runs and data sets that a token reaches. Names are stored: none may change. */
public enum Scope {
  /** Runs and data sets of the token's owner. */
  OWN,
  /** Runs and data sets of the token's project. */
  PROJECT,
  ALL;

  /** As users and files spell it. */
  public String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }
}
