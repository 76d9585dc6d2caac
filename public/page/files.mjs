// To the clipboard and to the disk, and back from there.

// The text of a field; true when it got there. Where it may not, the text stays selected for Ctrl+C.
export async function copy_text(field) {
    try {
        await navigator.clipboard.writeText(field.value);
        return true;
    } catch {
        field.focus();
        field.select(); // no permission, or no secure context: the old way, which needs a selection
        const copied = document.execCommand("copy");
        if (!copied) field.select();
        return copied;
    }
}

export function save_file(name, type, content) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000); // the browser reads it meanwhile
}
