/** The journal: the database of lifecycle events, its schema and its serialization. */
package io.espalier.service.journal;
