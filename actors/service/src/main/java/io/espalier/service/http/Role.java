package io.espalier.service.http;

import java.util.Locale;

/** What a token allows; a later one allows all that an earlier one does. */
public enum Role {
  /** Look at runs, their files and events. */
  READ,
  /** Submit, pause, resume, cancel and delete runs, too. */
  OPERATE;

  public boolean allows(Role needed) {
    return compareTo(needed) >= 0;
  }

  /** As users and files spell it: {@code read} or {@code operate}. */
  public String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }
}
