package io.espalier.telemetry.view;

import java.util.Map;

/** A document's present state; another {@code identity} means another document. */
record DocumentView(Object identity, DocumentParts parts, Map<String, Points> series) {}
