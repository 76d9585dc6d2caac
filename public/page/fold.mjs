// The words on a phone: a sheet under the instrument. It folds away and leaves its room to the board and the charts,
// which a small screen has none for otherwise; whoever goes into the words has them back.
export function prepare_fold() {
    const [button, words] = ["fold-button", "words"].map((id) => document.getElementById(id));
    const fold = (folded) => {
        document.body.classList.toggle("folded", folded);
        button.setAttribute("aria-expanded", String(!folded));
        if (folded) words.scrollTop = 0;
    };
    button.addEventListener("click", () => fold(!document.body.classList.contains("folded")));
    for (const kind of ["click", "focusin"])
        words.addEventListener(kind, (event) => button.contains(event.target) || fold(false));
}
